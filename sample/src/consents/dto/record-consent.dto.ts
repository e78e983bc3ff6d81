import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsObject, ValidateNested } from 'class-validator';
import { PurposeChoiceDto } from './purpose-choice.dto.js';

export class RecordConsentDto {
  @ApiProperty({ type: [PurposeChoiceDto], minItems: 1 })
  @IsArray()
  @ArrayNotEmpty()
  // A list inside of the list would be validated item by item, and pass.
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PurposeChoiceDto)
  readonly purposes!: PurposeChoiceDto[];
}
