import { TestingLogger } from '@nestjs/testing/services/testing-logger.service.js';

// Of an application without a logger, Nest's testing module prints the errors. Here they are meant to happen, and between the names
// of the tests they look as if something was wrong.
TestingLogger.prototype.error = () => undefined;
