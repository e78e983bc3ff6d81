import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsString } from 'class-validator';

export class PurposeChoiceDto {
  @ApiProperty({ type: String, example: 'cookies', description: 'Id of a purpose in Didomi' })
  @IsString()
  @IsNotEmpty()
  readonly id!: string;

  @ApiProperty({ type: Boolean, nullable: true, example: true, description: 'null: no choice was made' })
  @IsIn([true, false, null], { message: 'enabled must be true, false or null' })
  readonly enabled!: boolean | null;
}
