import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type {
  DidomiAuthenticationReason,
  DidomiAuthPhase,
  DidomiAuthStatus,
  DidomiNextAttemptReason,
  DidomiRateLimit,
  DidomiRefreshTrigger,
  DidomiRequestCounts,
} from 'nestjs-didomi';

export class TokenRequestsDto {
  @ApiProperty({ type: Number })
  readonly sent!: number;

  @ApiProperty({ type: Number })
  readonly failed!: number;
}

export class LastRefreshDto {
  @ApiProperty({ type: String, example: 'renewal' })
  readonly trigger!: DidomiRefreshTrigger;

  @ApiProperty({ type: Number, description: 'Milliseconds since the epoch' })
  readonly at!: number;
}

export class NextAttemptDto {
  @ApiProperty({ type: Number, description: 'Milliseconds since the epoch' })
  readonly at!: number;

  @ApiProperty({ type: String, example: 'renewal' })
  readonly reason!: DidomiNextAttemptReason;
}

export class RequestCountsDto implements DidomiRequestCounts {
  @ApiProperty({ type: Number })
  readonly inFlight!: number;

  @ApiProperty({ type: Number })
  readonly waiting!: number;
}

export class RateLimitDto implements DidomiRateLimit {
  @ApiProperty({ type: Number })
  readonly limit!: number;

  @ApiProperty({ type: Number })
  readonly remaining!: number;

  @ApiProperty({ type: Number, description: 'Milliseconds since the epoch' })
  readonly resetAt!: number;
}

/** The library's status, spelled out for the API documentation. */
export class StatusDto implements DidomiAuthStatus {
  @ApiProperty({ type: String, example: 'fresh', description: 'Where the access token is in its life' })
  readonly phase!: DidomiAuthPhase;

  @ApiProperty({ type: Boolean, description: 'Whether a call that is made now has its access token at once' })
  readonly usable!: boolean;

  @ApiPropertyOptional({ type: Number, description: 'Expiry of the access token, milliseconds since the epoch' })
  readonly expiresAt?: number;

  @ApiPropertyOptional({ type: LastRefreshDto })
  readonly lastRefresh?: LastRefreshDto;

  @ApiPropertyOptional({
    type: Number,
    description: 'Next token request after a failure, milliseconds since the epoch',
  })
  readonly nextAttemptAt?: number;

  @ApiPropertyOptional({ type: NextAttemptDto })
  readonly nextAttempt?: NextAttemptDto;

  @ApiProperty({ type: TokenRequestsDto })
  readonly tokenRequests!: TokenRequestsDto;

  @ApiPropertyOptional({ type: String, example: 'unavailable' })
  readonly lastFailureReason?: DidomiAuthenticationReason;

  @ApiPropertyOptional({ type: Number, description: "By how many milliseconds Didomi's clock is ahead" })
  readonly clockOffsetMs?: number;

  @ApiProperty({ type: RequestCountsDto })
  readonly requests!: RequestCountsDto;

  @ApiPropertyOptional({ type: RateLimitDto })
  readonly rateLimit?: RateLimitDto;
}
