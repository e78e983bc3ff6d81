import { ApiProperty } from '@nestjs/swagger';

export class RecordedConsentDto {
  @ApiProperty({ type: String, format: 'uuid', description: 'Id of the consent event in Didomi' })
  readonly eventId!: string;
}
