import { Controller, Get } from '@nestjs/common';
import { ApiBadGatewayResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { PropertyDto } from './dto/property.dto.js';
import { PropertiesService } from './properties.service.js';

@ApiTags('properties')
@Controller('properties')
export class PropertiesController {
  constructor(private readonly properties: PropertiesService) {}

  @Get()
  @ApiOperation({ summary: 'The websites and apps that Didomi manages' })
  @ApiOkResponse({ type: [PropertyDto] })
  @ApiBadGatewayResponse({ description: 'Didomi failed' })
  list(): Observable<PropertyDto[]> {
    return this.properties.list();
  }
}
