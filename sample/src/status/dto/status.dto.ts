import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DidomiAuthenticationReason, DidomiAuthPhase, DidomiAuthStatus } from 'nestjs-didomi';

export class TokenRequestsDto {
  @ApiProperty({ type: Number })
  readonly sent!: number;

  @ApiProperty({ type: Number })
  readonly failed!: number;
}

/** The library's status, spelled out for the API documentation. */
export class StatusDto implements DidomiAuthStatus {
  @ApiProperty({ type: String, example: 'fresh', description: 'Where the access token is in its life' })
  readonly phase!: DidomiAuthPhase;

  @ApiPropertyOptional({ type: Number, description: 'Expiry of the access token, milliseconds since the epoch' })
  readonly expiresAt?: number;

  @ApiPropertyOptional({
    type: Number,
    description: 'Next token request after a failure, milliseconds since the epoch',
  })
  readonly nextAttemptAt?: number;

  @ApiProperty({ type: TokenRequestsDto })
  readonly tokenRequests!: TokenRequestsDto;

  @ApiPropertyOptional({ type: String, example: 'unavailable' })
  readonly lastFailureReason?: DidomiAuthenticationReason;
}
