import { Controller, Delete, HttpCode, NotFoundException, Param, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { FakeBrands } from './fake-brands.js';
import { type Fault, isFault } from './faults.js';

/**
 * Makes a fake fail and recover, for the status page. Only PUT and DELETE: a browser sends neither for the page of another
 * site without asking first.
 */
@ApiExcludeController()
@Controller('fake/:brand')
export class FakeController {
  constructor(private readonly fakes: FakeBrands) {}

  @Put('faults/:fault')
  @HttpCode(204)
  begin(@Param('brand') brand: string, @Param('fault') fault: string): void {
    this.fakes.find(brand).begin(knownFault(fault));
  }

  @Delete('faults/:fault')
  @HttpCode(204)
  end(@Param('brand') brand: string, @Param('fault') fault: string): void {
    this.fakes.find(brand).end(knownFault(fault));
  }

  @Delete('faults')
  @HttpCode(204)
  recover(@Param('brand') brand: string): void {
    this.fakes.find(brand).endAll();
  }

  @Delete('access-tokens')
  @HttpCode(204)
  revokeAccessTokens(@Param('brand') brand: string): void {
    this.fakes.find(brand).didomi.revokeAccessTokens();
  }
}

function knownFault(name: string): Fault {
  if (isFault(name)) return name;
  throw new NotFoundException('There is no such fault');
}
