import { ApiProperty } from '@nestjs/swagger';

export class PropertyDto {
  @ApiProperty({ type: String, example: 'property-website' })
  readonly id!: string;

  @ApiProperty({ type: String, example: 'Website' })
  readonly name!: string;

  @ApiProperty({ type: String, example: 'website' })
  readonly type!: string;
}
