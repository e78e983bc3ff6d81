import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { type Didomi, DidomiApi } from 'nestjs-didomi';
import type { Environment } from '../config/environment.interface.js';
import { SettingError } from '../config/setting.error.js';
import type { PurposeChoiceDto } from './dto/purpose-choice.dto.js';
import type { RecordedConsentDto } from './dto/recorded-consent.dto.js';
import type { UserConsentsDto } from './dto/user-consents.dto.js';

@Injectable()
export class ConsentsService {
  constructor(
    private readonly didomi: DidomiApi,
    config: ConfigService<Environment>,
  ) {
    // The client adds the organization to its requests. Those for consents fail without one.
    if (config.get('DIDOMI_ORGANIZATION_ID', { infer: true }) === undefined) {
      throw new SettingError("DIDOMI_ORGANIZATION_ID is not set: write the id from the address of Didomi's console");
    }
  }

  /** What Didomi knows of a user of ours: it may keep several records under one id. */
  async find(userId: string): Promise<UserConsentsDto[]> {
    const users = await this.didomi.request('GET /consents/users', { query: { organization_user_id: userId } });
    if (users.data.length === 0) throw new NotFoundException('Didomi does not know this user');
    return users.data.map(toUserConsents);
  }

  async record(userId: string, purposes: readonly PurposeChoiceDto[]): Promise<RecordedConsentDto> {
    // Didomi records each id once, so that the event can be sent again.
    const event = { id: randomUUID(), user: { organization_user_id: userId }, consents: { purposes } };
    await this.didomi.request('POST /consents/events', { body: event });
    return { eventId: event.id };
  }
}

function toUserConsents({ id, updated_at: updatedAt, consents }: Didomi.ConsentUser): UserConsentsDto {
  const purposes = (consents?.purposes ?? []).map((purpose) => ({ id: purpose.id, enabled: purpose.enabled ?? null }));
  return { recordId: id, updatedAt, purposes };
}
