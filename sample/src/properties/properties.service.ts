import { Injectable } from '@nestjs/common';
import { DidomiHttpService } from 'nestjs-didomi';
import { map, type Observable } from 'rxjs';
import type { PropertyDto } from './dto/property.dto.js';

interface PropertiesPage {
  readonly data: readonly PropertyDto[];
}

@Injectable()
export class PropertiesService {
  constructor(private readonly didomi: DidomiHttpService) {}

  list(): Observable<PropertyDto[]> {
    return this.didomi
      .get<PropertiesPage>('/properties')
      .pipe(map(({ data: page }) => page.data.map(({ id, name, type }) => ({ id, name, type }))));
  }
}
