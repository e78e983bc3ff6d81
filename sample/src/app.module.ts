import { Module, ValidationPipe } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { DidomiExceptionFilter, DidomiModule } from 'nestjs-didomi';
import { didomiOptions } from './config/didomi.options.js';
import { ConsentsModule } from './consents/consents.module.js';
import { PropertiesModule } from './properties/properties.module.js';
import { StatusModule } from './status/status.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    DidomiModule.forRootAsync({ isGlobal: true, inject: [ConfigService], useFactory: didomiOptions }),
    PropertiesModule,
    ConsentsModule,
    StatusModule,
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
