import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, ValidateNested } from 'class-validator';
import { PurposeChoiceDto } from './purpose-choice.dto.js';

export class RecordConsentDto {
  @ApiProperty({ type: [PurposeChoiceDto], minItems: 1 })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => PurposeChoiceDto)
  readonly purposes!: PurposeChoiceDto[];
}
