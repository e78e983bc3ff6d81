import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DidomiHealthIndicator } from 'nestjs-didomi/terminus';
import { HealthController } from './health.controller.js';

@Module({ imports: [TerminusModule], controllers: [HealthController], providers: [DidomiHealthIndicator] })
export class HealthModule {}
