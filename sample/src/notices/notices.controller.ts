import { Controller, Get, Param } from '@nestjs/common';
import {
  ApiBadGatewayResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { NoticeDto } from './dto/notice.dto.js';
import { NoticesService } from './notices.service.js';

@ApiTags('notices')
@ApiParam({ name: 'brand', type: String, example: 'brand-b', enum: ['brand-a', 'brand-b'] })
@Controller('brands/:brand/notices')
export class NoticesController {
  constructor(private readonly notices: NoticesService) {}

  @Get()
  @ApiOperation({ summary: 'The consent notices of a brand, through the client of that brand' })
  @ApiOkResponse({ type: [NoticeDto] })
  @ApiNotFoundResponse({ description: 'There is no such brand' })
  @ApiBadGatewayResponse({ description: 'Didomi failed' })
  list(@Param('brand') brand: string): Promise<NoticeDto[]> {
    return this.notices.list(brand);
  }
}
