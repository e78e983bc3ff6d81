import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { DidomiHealthIndicator } from 'nestjs-didomi/terminus';
import { BRAND_B } from '../brands/brand.js';

@ApiTags('status')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly didomi: DidomiHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  @ApiOperation({ summary: 'Whether calls to Didomi get an access token; asks Didomi nothing' })
  check(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.didomi.check('brand-a'),
      () => this.didomi.check('brand-b', { client: BRAND_B }),
    ]);
  }
}
