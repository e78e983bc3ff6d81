import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DidomiAuthService } from 'nestjs-didomi';
import { StatusDto } from './dto/status.dto.js';

@ApiTags('status')
@Controller('status')
export class StatusController {
  constructor(private readonly auth: DidomiAuthService) {}

  @Get()
  @ApiOperation({ summary: 'How the access token is doing; asks Didomi nothing' })
  @ApiOkResponse({ type: StatusDto })
  read(): StatusDto {
    return this.auth.status;
  }
}
