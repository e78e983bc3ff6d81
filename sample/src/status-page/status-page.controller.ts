import { Body, Controller, HttpCode, type MessageEvent, Optional, Param, Post, Sse } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { defer, map, type Observable, filter, timer } from 'rxjs';
import { FakeBrands } from '../fake/fake-brands.js';
import { NoticesService } from '../notices/notices.service.js';
import { CallsDto } from './dto/calls.dto.js';
import { StatusCursor } from './status-cursor.js';
import { StatusRecorder } from './status-recorder.service.js';

const UPDATE_MS = 250;
const RECONNECT_MS = 1_000;
/** A page that does not read is disconnected here. It connects again once it does, and is sent everything. */
const MAX_PENDING_LENGTH = 256 * 1_024;

/** What the status page asks for. */
@ApiExcludeController()
@Controller('status-page')
export class StatusPageController {
  constructor(
    private readonly recorder: StatusRecorder,
    private readonly notices: NoticesService,
    @Optional() private readonly fakes?: FakeBrands,
  ) {}

  @Sse('stream', { maxPendingDataLength: MAX_PENDING_LENGTH })
  stream(): Observable<MessageEvent> {
    return defer(() => {
      const cursor = new StatusCursor(this.recorder, this.fakes);
      return timer(0, UPDATE_MS).pipe(
        map(() => cursor.next()),
        filter((update) => update !== undefined),
        map((data) => ({ data, retry: RECONNECT_MS })),
      );
    });
  }

  /** Sends calls to Didomi, through the client of the brand. */
  @Post('brands/:brand/calls')
  @HttpCode(200)
  async call(
    @Param('brand') brand: string,
    @Body() { count }: CallsDto,
  ): Promise<{ answered: number; failed: number }> {
    const calls = await Promise.allSettled(Array.from({ length: count }, () => this.notices.list(brand)));
    const answered = calls.filter(({ status }) => status === 'fulfilled').length;
    return { answered, failed: count - answered };
  }
}
