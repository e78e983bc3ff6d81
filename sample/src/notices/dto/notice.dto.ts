import { ApiProperty } from '@nestjs/swagger';

export class NoticeDto {
  @ApiProperty({ type: String, example: 'x8yNfPTa' })
  readonly id!: string;

  @ApiProperty({ type: String, example: 'Website' })
  readonly name!: string;
}
