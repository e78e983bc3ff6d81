import { IsInt, Max, Min } from 'class-validator';

/** A whole number, so that the form of another site, which sends text, is refused. */
export class CallsDto {
  @IsInt()
  @Min(1)
  @Max(50)
  readonly count!: number;
}
