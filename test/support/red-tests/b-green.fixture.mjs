it('green: the next file', () => undefined);
