/**
 * Checked by `npm run typecheck`, never run: what has to compile stands bare, what must not stands below `@ts-expect-error`,
 * which is an error itself where the line compiles.
 */
import { Injectable, Module, type DynamicModule, type InjectionToken } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import { ConfigModule, ConfigService } from '@nestjs/config';
import type { Cache } from '@nestjs/cache-manager';
import type { AxiosResponse } from 'axios';
import { Keyv } from 'keyv';
import type { Observable } from 'rxjs';
import {
  DidomiAuthenticationError,
  DidomiAuthService,
  DidomiClientsModule,
  DidomiConfigurationError,
  DidomiError,
  DidomiHttpService,
  DidomiModule,
  DidomiRequestError,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
  InjectDidomiAuth,
  InjectDidomiHttp,
  type DidomiAuthEvent,
  type DidomiAuthPhase,
  type DidomiAuthStatus,
  type DidomiAuthenticationReason,
  type DidomiAxiosInstance,
  type DidomiClient,
  type DidomiClients,
  type DidomiClientsOptions,
  type DidomiClientsOptionsFactory,
  type DidomiCredentials,
  type DidomiErrorCode,
  type DidomiHttpEvent,
  type DidomiModuleOptions,
  type DidomiOptionsFactory,
  type DidomiRateLimit,
  type DidomiRefreshOptions,
  type DidomiRefreshTrigger,
  type DidomiRequestConfig,
  type DidomiWarmup,
} from 'nestjs-didomi';

/** True for the very same type; `any` is no other type's same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function holds<_Claim extends true>(): void {
  // The claim is all there is.
}

const apiKey = 'key';
const apiSecret = 'secret';

// Options: credentials as values or as a function, one of the two.

DidomiModule.forRoot({ apiKey, apiSecret });
DidomiModule.forRoot({ credentials: () => ({ apiKey, apiSecret }) });
DidomiModule.forRoot({ credentials: async () => await Promise.resolve({ apiKey, apiSecret }) });
DidomiModule.forRoot({ apiKey, apiSecret, isGlobal: true, name: 'brand-b' });
DidomiModule.forRoot({
  apiKey,
  apiSecret,
  baseURL: 'https://api.didomi.io/v1',
  organizationId: 'acme',
  refresh: { cron: '*/30 * * * * *', windowMs: 1_000, leewayMs: 10 },
  warmup: 'required',
  timeoutMs: 1_000,
  tokenRequestTimeoutMs: 1_000,
  maxTokenRequestsPerMinute: 10,
  shutdownGraceMs: 0,
  allowInsecureHttp: true,
  axios: { headers: { 'X-Team': 'consent' }, proxy: false, maxContentLength: 1_000, adapter: 'fetch' },
});
DidomiModule.forRoot({ apiKey, apiSecret, refresh: { cron: false } });

DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: new Keyv() });
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: new Keyv<string>({ store: new Map() }) });
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: new Map<string, string>() });
declare const cache: Cache;
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: cache });
/** That of `@nestjs/cache-manager` 3, which has `cache-manager` 6. */
declare const cacheOfNest11: {
  get: <T>(key: string) => Promise<T | null>;
  set: <T>(key: string, value: T, ttl?: number) => Promise<T>;
};
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: cacheOfNest11, exclusive: async (work) => await work() });
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: cache, exclusive: <T>(work: () => Promise<T>) => work() });
DidomiModule.forRoot({
  apiKey,
  apiSecret,
  tokenStore: cache,
  exclusive: (work, key) => (key === '' ? work() : work()),
});
// @ts-expect-error a store of other names
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: { getItem: () => '', setItem: () => undefined } });
// @ts-expect-error a store that wants numbers
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: { get: () => 1, set: (_key: string, _value: number) => 1 } });
// @ts-expect-error a lock that does not return what its work does
DidomiModule.forRoot({ apiKey, apiSecret, tokenStore: cache, exclusive: () => 'locked' });

// @ts-expect-error the secret is missing
DidomiModule.forRoot({ apiKey });
// @ts-expect-error the key is missing
DidomiModule.forRoot({ apiSecret });
// @ts-expect-error credentials are missing
DidomiModule.forRoot({});
// @ts-expect-error options are missing
DidomiModule.forRoot();
// @ts-expect-error a key together with the function
DidomiModule.forRoot({ apiKey, credentials: () => ({ apiKey, apiSecret }) });
// @ts-expect-error key and secret stand beside the function
DidomiModule.forRoot({ apiKey, apiSecret, credentials: () => ({ apiKey, apiSecret }) });
// @ts-expect-error the function returns no secret
DidomiModule.forRoot({ credentials: () => ({ apiKey }) });
// @ts-expect-error credentials are no function
DidomiModule.forRoot({ credentials: { apiKey, apiSecret } });
// @ts-expect-error an environment variable may be undefined
DidomiModule.forRoot({ apiKey: process.env['DIDOMI_API_KEY'], apiSecret });
// @ts-expect-error no such option
DidomiModule.forRoot({ apiKey, apiSecret, baseUrl: 'https://api.didomi.io/v1' });
// @ts-expect-error no such option of refresh
DidomiModule.forRoot({ apiKey, apiSecret, refresh: { window: 1 } });
// @ts-expect-error no such warm-up
DidomiModule.forRoot({ apiKey, apiSecret, warmup: 'eager' });
// @ts-expect-error not a number
DidomiModule.forRoot({ apiKey, apiSecret, timeoutMs: '1000' });
// @ts-expect-error true is no cron expression
DidomiModule.forRoot({ apiKey, apiSecret, refresh: { cron: true } });
// @ts-expect-error the base URL is an option of its own
DidomiModule.forRoot({ apiKey, apiSecret, axios: { baseURL: 'https://api.didomi.io/v1' } });
// @ts-expect-error an adapter for browsers
DidomiModule.forRoot({ apiKey, apiSecret, axios: { adapter: 'xhr' } });
// @ts-expect-error not a header
DidomiModule.forRoot({ apiKey, apiSecret, axios: { headers: { 'X-Team': 1 } } });
// @ts-expect-error not a name
DidomiModule.forRoot({ apiKey, apiSecret, name: 1 });

holds<Same<DidomiWarmup, 'background' | 'required' | 'lazy'>>();
holds<Same<DidomiRefreshOptions['cron'], string | false | undefined>>();
holds<Same<keyof DidomiCredentials, 'apiKey' | 'apiSecret'>>();

// Options from other providers.

class OptionsService implements DidomiOptionsFactory {
  createDidomiOptions(): DidomiModuleOptions {
    return { apiKey, apiSecret };
  }
}
class AsyncOptionsService implements DidomiOptionsFactory {
  async createDidomiOptions(): Promise<DidomiModuleOptions> {
    return await Promise.resolve({ credentials: () => ({ apiKey, apiSecret }) });
  }
}
class NoOptionsService {
  createOptions(): DidomiModuleOptions {
    return { apiKey, apiSecret };
  }
}
class WrongOptionsService {
  createDidomiOptions(): { key: string } {
    return { key: apiKey };
  }
}

holds<Same<ReturnType<typeof DidomiModule.forRootAsync>, DynamicModule>>();
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey, apiSecret }), isGlobal: true, name: 'brand-b' });
DidomiModule.forRootAsync({ useFactory: async () => await Promise.resolve({ apiKey, apiSecret }) });
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey, apiSecret, warmup: 'lazy', refresh: { cron: false } }) });
DidomiModule.forRootAsync({
  imports: [ConfigModule],
  inject: [ConfigService],
  useFactory: (config: ConfigService) => ({
    apiKey: config.getOrThrow<string>('DIDOMI_API_KEY'),
    apiSecret: config.getOrThrow<string>('DIDOMI_API_SECRET'),
  }),
});
DidomiModule.forRootAsync({ useClass: OptionsService });
DidomiModule.forRootAsync({ useClass: AsyncOptionsService });
DidomiModule.forRootAsync({ useExisting: OptionsService });

// @ts-expect-error the factory returns no secret
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey }) });
// @ts-expect-error the factory promises no secret
DidomiModule.forRootAsync({ useFactory: () => Promise.resolve({ apiKey }) });
// @ts-expect-error the factory returns nothing
DidomiModule.forRootAsync({ useFactory: () => undefined });
// @ts-expect-error the factory returns another warm-up
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey, apiSecret, warmup: 'eager' }) });
// @ts-expect-error the factory returns a key beside the function
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey, credentials: () => ({ apiKey, apiSecret }) }) });
// @ts-expect-error the class has another method
DidomiModule.forRootAsync({ useClass: NoOptionsService });
// @ts-expect-error the method returns something else
DidomiModule.forRootAsync({ useClass: WrongOptionsService });
// @ts-expect-error the class has another method
DidomiModule.forRootAsync({ useExisting: NoOptionsService });
// @ts-expect-error a setting of the factory may be undefined
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey: process.env['DIDOMI_API_KEY'], apiSecret }) });
// @ts-expect-error options do not stand beside the factory
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey, apiSecret }), warmup: 'lazy' });
// @ts-expect-error no such extra
DidomiModule.forRootAsync({ useFactory: () => ({ apiKey, apiSecret }), global: true });

@Module({ imports: [DidomiModule.forRoot({ apiKey, apiSecret })] })
export class AppModule {}

// Clients whose credentials are known only at run time.

class ClientsOptionsService implements DidomiClientsOptionsFactory {
  createDidomiClientsOptions(): DidomiClientsOptions {
    return { maxClients: 10, refresh: { cron: false } };
  }
}

holds<Same<ReturnType<typeof DidomiClientsModule.forRootAsync>, DynamicModule>>();
DidomiClientsModule.forRoot();
DidomiClientsModule.forRoot({ maxClients: 10, retry: false, isGlobal: true });
DidomiClientsModule.forRootAsync({ useFactory: () => ({ maxClients: 10 }), isGlobal: true });
DidomiClientsModule.forRootAsync({ useClass: ClientsOptionsService });
// @ts-expect-error the credentials belong to for()
DidomiClientsModule.forRoot({ apiKey, apiSecret });
// @ts-expect-error the organization belongs to for()
DidomiClientsModule.forRoot({ organizationId: 'acme' });
// @ts-expect-error always lazy
DidomiClientsModule.forRoot({ warmup: 'lazy' });
// @ts-expect-error they have no name
DidomiClientsModule.forRoot({ name: 'brand-b' });
// @ts-expect-error the class has another method
DidomiClientsModule.forRootAsync({ useClass: OptionsService });

declare const clients: DidomiClients;
declare const customer: { id: number; apiKey: string; apiSecret: string; organizationId: string | null };
holds<Same<ReturnType<typeof clients.for>, DidomiClient>>();
holds<Same<keyof DidomiClient, 'api' | 'auth' | 'http' | 'name'>>();
clients.for({ apiKey, apiSecret });
clients.for({ apiKey, apiSecret, organizationId: 'acme' });
clients.for(customer);
// @ts-expect-error the secret is missing
clients.for({ apiKey });
// @ts-expect-error an environment variable may be undefined
clients.for({ apiKey: process.env['DIDOMI_API_KEY'], apiSecret });
// @ts-expect-error no promise
void clients.for({ apiKey, apiSecret }).then;

// Injection.

@Injectable()
export class Consumer {
  @InjectDidomiHttp() readonly http!: DidomiHttpService;
  @InjectDidomiHttp('brand-b') private readonly httpOfB!: DidomiHttpService;
  @InjectDidomiAuth('brand-b') protected authOfB?: DidomiAuthService;

  constructor(
    readonly byClass: DidomiHttpService,
    @InjectDidomiHttp() readonly byDecorator: DidomiHttpService,
    @InjectDidomiHttp('brand-b') private readonly byName: DidomiHttpService,
    @InjectDidomiAuth() readonly auth: DidomiAuthService,
    @InjectDidomiAuth('brand-b') private readonly authByName: DidomiAuthService,
  ) {}

  get all(): unknown[] {
    return [this.httpOfB, this.authOfB, this.byName, this.authByName];
  }
}

export class WrongConsumer {
  // @ts-expect-error a name is a string
  @InjectDidomiHttp(1) readonly http!: DidomiHttpService;
}

// @ts-expect-error it decorates no class
@InjectDidomiHttp()
export class Decorated {}

holds<Same<ReturnType<typeof getDidomiHttpServiceToken>, InjectionToken<DidomiHttpService>>>();
holds<Same<ReturnType<typeof getDidomiAuthServiceToken>, InjectionToken<DidomiAuthService>>>();
getDidomiHttpAdapterToken() satisfies InjectionToken;
getDidomiHttpAdapterToken('brand-b') satisfies InjectionToken;

// The services.

interface Property {
  readonly id: string;
}

declare const http: DidomiHttpService;
declare const auth: DidomiAuthService;

http satisfies HttpService;
http.axiosRef satisfies HttpService['axiosRef'];
http.axiosRef satisfies DidomiAxiosInstance;

const got = http.get<Property>('/properties/1', { params: { organization_id: 'acme' } });
holds<Same<typeof got, Observable<AxiosResponse<Property>>>>();
const posted = http.post<Property>('/properties', { name: 'site' });
holds<Same<typeof posted, Observable<AxiosResponse<Property>>>>();
// A body is unknown unless the call names its type.
const untyped = http.get('/properties/1');
holds<Same<typeof untyped, Observable<AxiosResponse<unknown>>>>();
const untypedPromise = http.axiosRef.post('/properties', { name: 'site' });
holds<Same<typeof untypedPromise, Promise<AxiosResponse<unknown>>>>();
void untypedPromise;
const untypedCall = http.axiosRef('/properties/1');
holds<Same<typeof untypedCall, Promise<AxiosResponse<unknown>>>>();
void untypedCall;
const requested = http.request<Property[]>({ url: '/properties' });
holds<Same<typeof requested, Observable<AxiosResponse<Property[]>>>>();

// What one request can have otherwise than its client.
http.get('/x', { didomi: { organizationId: false, replay: false, retry: false } });
http.post('/x', {}, { didomi: { organizationId: 'other', retry: { maxAttempts: 5, maxWaitMs: 1_000 } } });
// @ts-expect-error no such option
http.get('/x', { didomi: { retries: 3 } });
// @ts-expect-error true is none of its values
http.get('/x', { didomi: { organizationId: true } });
// With @nestjs/axios 12 there is QUERY, too.
http.query satisfies HttpService extends { query: unknown }
  ? (url: string, data: object, config: DidomiRequestConfig) => Observable<AxiosResponse<unknown>>
  : undefined;
// The same through axiosRef.
void (http.axiosRef.get<Property>('/x', { didomi: { retry: false } }) satisfies Promise<AxiosResponse<Property>>);
void (http.axiosRef.post<Property>('/x', {}, { didomi: { replay: false } }) satisfies Promise<AxiosResponse<Property>>);
void (http.axiosRef<Property>({ url: '/x', didomi: { organizationId: false } }) satisfies Promise<
  AxiosResponse<Property>
>);
void (http.axiosRef.request<Property>({ didomi: {} }) satisfies Promise<AxiosResponse<Property>>);
// @ts-expect-error no such option
void http.axiosRef.get('/x', { didomi: { retries: 3 } });
// @ts-expect-error no option of Axios or of this library
void http.axiosRef.get('/x', { retries: 3 });
const properties = http.paginate<Property>('/properties', { pageSize: 50, params: { type: 'app' } });
holds<Same<ReturnType<typeof properties.toObservable>, Observable<Property>>>();
properties satisfies AsyncIterable<Property>;
// @ts-expect-error a list is read with GET
http.paginate('/properties', { method: 'post' });
holds<Same<typeof http.rateLimit, DidomiRateLimit | undefined>>();

export async function useServices(): Promise<void> {
  const accessToken = await auth.getAccessToken();
  holds<Same<typeof accessToken, string>>();
  holds<Same<ReturnType<DidomiAuthService['getAccessToken']>, Promise<string>>>();
  holds<Same<ReturnType<DidomiAuthService['refresh']>, Promise<string>>>();
  auth.invalidate(accessToken);
  // @ts-expect-error which one?
  auth.invalidate();
  // @ts-expect-error for whom? A client has one access token
  await auth.getAccessToken('brand-b');
  const { data } = await http.axiosRef.get<Property>('/properties/1');
  data.id satisfies string;
}

holds<Same<DidomiAuthService['status'], DidomiAuthStatus>>();
holds<Same<DidomiAuthStatus['phase'], DidomiAuthPhase>>();
// @ts-expect-error a snapshot is read, not set
auth.status = { phase: 'fresh', tokenRequests: { sent: 0, failed: 0 } };
// @ts-expect-error the access token is not in it
void auth.status.accessToken;
holds<Same<typeof auth.status.usable, boolean>>();
holds<Same<typeof auth.status.rateLimit, DidomiRateLimit | undefined>>();

// Events: `type` tells which fields there are.

auth.events$.subscribe((event) => {
  holds<Same<typeof event, DidomiAuthEvent>>();
  holds<Same<typeof event.client, string | undefined>>();
  holds<Same<typeof event.type, 'refreshed' | 'refresh-failed' | 'rejected' | 'invalidated' | 'adopted'>>();
  if (event.type === 'refreshed') holds<Same<typeof event.trigger, DidomiRefreshTrigger>>();
  if (event.type === 'refresh-failed') holds<Same<typeof event.reason, DidomiAuthenticationReason>>();
  // @ts-expect-error only a failure has a reason
  void event.reason;
  // @ts-expect-error the access token is in none
  void event.accessToken;
});

http.events$.subscribe((event) => {
  holds<Same<typeof event, DidomiHttpEvent>>();
  holds<Same<typeof event.type, 'sent' | 'retried' | 'replayed' | 'waited' | 'ended'>>();
  holds<Same<typeof event.route, string>>();
  if (event.type === 'ended') holds<Same<typeof event.error, DidomiErrorCode | undefined>>();
  // @ts-expect-error what was sent is in none
  void event.config;
});

// Errors.

export function handle(error: unknown): string {
  if (error instanceof DidomiAuthenticationError) {
    holds<Same<typeof error.reason, DidomiAuthenticationReason>>();
    holds<Same<typeof error.code, 'DIDOMI_AUTHENTICATION'>>();
    holds<Same<typeof error.retryAfterMs, number | undefined>>();
    // @ts-expect-error no such reason
    if (error.reason === 'expired') return '';
    return error.reason;
  }
  if (error instanceof DidomiConfigurationError) {
    error.problems satisfies readonly string[];
    // @ts-expect-error facts are read-only
    error.problems.push('another');
    return error.problems.join();
  }
  if (error instanceof DidomiRequestError) {
    holds<Same<typeof error.code, 'DIDOMI_REQUEST'>>();
    return error.code;
  }
  if (error instanceof DidomiError) {
    error satisfies Error;
    error.code satisfies DidomiErrorCode;
    return error.code;
  }
  return '';
}

// @ts-expect-error abstract
void new DidomiError('text');
