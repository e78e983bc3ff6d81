import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Environment } from '../config/environment.interface.js';
import { SharedAccessTokens } from './shared-access-tokens.js';

@Module({
  providers: [
    {
      provide: SharedAccessTokens,
      inject: [ConfigService],
      useFactory: (config: ConfigService<Environment>) =>
        SharedAccessTokens.connect(config.get('REDIS_URL', { infer: true })),
    },
  ],
  exports: [SharedAccessTokens],
})
export class RedisModule {}
