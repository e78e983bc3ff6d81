import { Module, ValidationPipe } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { DidomiExceptionFilter, DidomiModule } from 'nestjs-didomi';
import { BRAND_B } from './brands/brand.js';
import { brandAOptions, brandBOptions } from './config/didomi.options.js';
import { ConsentsModule } from './consents/consents.module.js';
import { HealthModule } from './health/health.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { PropertiesModule } from './properties/properties.module.js';
import { RedisModule } from './redis/redis.module.js';
import { SharedAccessTokens } from './redis/shared-access-tokens.js';
import { StatusModule } from './status/status.module.js';
import { StatusPageModule } from './status-page/status-page.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    DidomiModule.forRootAsync({
      isGlobal: true,
      imports: [RedisModule],
      inject: [ConfigService, SharedAccessTokens],
      useFactory: brandAOptions,
    }),
    DidomiModule.forRootAsync({
      name: BRAND_B,
      isGlobal: true,
      imports: [RedisModule],
      inject: [ConfigService, SharedAccessTokens],
      useFactory: brandBOptions,
    }),
    PropertiesModule,
    ConsentsModule,
    NoticesModule,
    StatusModule,
    HealthModule,
    StatusPageModule,
  ],
  providers: [
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
    },
    { provide: APP_FILTER, useClass: DidomiExceptionFilter },
  ],
})
export class AppModule {}
