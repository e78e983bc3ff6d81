import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { DidomiHttpService } from 'nestjs-didomi';
import { map, type Observable } from 'rxjs';
import type { Environment } from '../config/environment.interface.js';
import { SettingError } from '../config/setting.error.js';
import type { PurposeChoiceDto } from './dto/purpose-choice.dto.js';
import type { RecordedConsentDto } from './dto/recorded-consent.dto.js';
import type { UserConsentsDto } from './dto/user-consents.dto.js';

interface ConsentUsersPage {
  readonly data: readonly ConsentUser[];
}

interface ConsentUser {
  readonly id: string;
  readonly updated_at: string;
  readonly consents: { readonly purposes?: readonly PurposeChoiceDto[] };
}

@Injectable()
export class ConsentsService {
  readonly #organizationId: string;

  constructor(
    private readonly didomi: DidomiHttpService,
    config: ConfigService<Environment>,
  ) {
    const organizationId = config.get('DIDOMI_ORGANIZATION_ID', { infer: true });
    if (organizationId === undefined) {
      throw new SettingError("DIDOMI_ORGANIZATION_ID is not set: write the id from the address of Didomi's console");
    }
    this.#organizationId = organizationId;
  }

  /** What Didomi knows of a user of ours: it may keep several records under one id. */
  find(userId: string): Observable<UserConsentsDto[]> {
    const params = { organization_id: this.#organizationId, organization_user_id: userId };
    return this.didomi.get<ConsentUsersPage>('/consents/users', { params }).pipe(
      map(({ data: { data: users } }) => {
        if (users.length === 0) throw new NotFoundException('Didomi does not know this user');
        return users.map(toUserConsents);
      }),
    );
  }

  record(userId: string, purposes: readonly PurposeChoiceDto[]): Observable<RecordedConsentDto> {
    const params = { organization_id: this.#organizationId };
    // With an id of our own, Didomi cannot take an event that arrives twice for two.
    const event = { id: randomUUID(), user: { organization_user_id: userId }, consents: { purposes } };
    return this.didomi.post('/consents/events', event, { params }).pipe(map(() => ({ eventId: event.id })));
  }
}

function toUserConsents({ id, updated_at: updatedAt, consents }: ConsentUser): UserConsentsDto {
  const purposes = (consents.purposes ?? []).map((purpose) => ({ id: purpose.id, enabled: purpose.enabled }));
  return { recordId: id, updatedAt, purposes };
}
