import { Injectable } from '@nestjs/common';
import { BrandsService } from '../brands/brands.service.js';
import type { NoticeDto } from './dto/notice.dto.js';

@Injectable()
export class NoticesService {
  constructor(private readonly brands: BrandsService) {}

  /** The consent notices of a brand, those in use only. */
  async list(brandId: string): Promise<NoticeDto[]> {
    const { api } = this.brands.find(brandId);
    const notices: NoticeDto[] = [];
    for await (const { id, name, archived_at: archivedAt } of api.paginate('GET /widgets/notices')) {
      if ((archivedAt ?? null) === null) notices.push({ id, name });
    }
    return notices;
  }
}
