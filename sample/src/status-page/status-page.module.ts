import { Module } from '@nestjs/common';
import { BrandsModule } from '../brands/brands.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { StatusPageController } from './status-page.controller.js';
import { StatusRecorder } from './status-recorder.service.js';

@Module({ imports: [BrandsModule, NoticesModule], controllers: [StatusPageController], providers: [StatusRecorder] })
export class StatusPageModule {}
