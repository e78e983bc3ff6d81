import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import {
  ApiBadGatewayResponse,
  ApiBadRequestResponse,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ConsentsService } from './consents.service.js';
import { RecordConsentDto } from './dto/record-consent.dto.js';
import { RecordedConsentDto } from './dto/recorded-consent.dto.js';
import { UserConsentsDto } from './dto/user-consents.dto.js';

@ApiTags('consents')
@ApiParam({ name: 'userId', type: String, example: 'user-1', description: 'Your own id of the user' })
@ApiBadGatewayResponse({ description: 'Didomi failed' })
@Controller('consents/:userId')
export class ConsentsController {
  constructor(private readonly consents: ConsentsService) {}

  @Get()
  @ApiOperation({ summary: 'The choices of a user, one entry for each record in Didomi' })
  @ApiOkResponse({ type: [UserConsentsDto] })
  @ApiNotFoundResponse({ description: 'Didomi does not know this user' })
  find(@Param('userId') userId: string): Promise<UserConsentsDto[]> {
    return this.consents.find(userId);
  }

  @Post()
  @ApiOperation({ summary: 'Records choices of a user' })
  @ApiCreatedResponse({ type: RecordedConsentDto })
  @ApiBadRequestResponse({ description: 'The body is not as described' })
  record(@Param('userId') userId: string, @Body() { purposes }: RecordConsentDto): Promise<RecordedConsentDto> {
    return this.consents.record(userId, purposes);
  }
}
