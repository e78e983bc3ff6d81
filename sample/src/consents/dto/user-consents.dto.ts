import { ApiProperty } from '@nestjs/swagger';
import { PurposeChoiceDto } from './purpose-choice.dto.js';

export class UserConsentsDto {
  @ApiProperty({ type: String, description: 'Id of the record in Didomi' })
  readonly recordId!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  readonly updatedAt!: string;

  @ApiProperty({ type: [PurposeChoiceDto] })
  readonly purposes!: PurposeChoiceDto[];
}
