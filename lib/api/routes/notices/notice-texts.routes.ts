import type { Change, Create, Crud, List, Read, Replace } from '../../shapes/crud.js';
import type { OpenText, Owned, Versioned } from '../../shapes/fields.js';
import type { NoticePlatform } from './notice-config.interface.js';

/**
 * A new text for notices, or new values of an existing one.
 *
 * @publicApi
 */
export interface NoticeTextInput extends Owned {
  /** Internal name. */
  readonly name: string;
  /** The reference calls them `web`, `amp`, `app` and `ctv` here. */
  readonly platforms?: readonly NoticePlatform[];
  /** Whether it is the default text for the platforms. */
  readonly default?: boolean;
}

/**
 * A text for notices. Its versions are contents, which Didomi has to approve.
 *
 * @publicApi
 */
export interface NoticeText extends Versioned, Required<NoticeTextInput> {
  readonly id: string;
}

/**
 * A new version of a text for notices, which Didomi then reviews.
 *
 * @publicApi
 */
export interface NoticeTextContentInput extends Owned {
  readonly content: string;
  readonly text_id: string;
  /** Whether it names every purpose. */
  readonly includes_purposes?: boolean;
}

/**
 * A version of a text for notices.
 *
 * @publicApi
 */
export interface NoticeTextContent extends Versioned, Required<NoticeTextContentInput> {
  readonly id: string;
  readonly status: OpenText<'submitted' | 'approved' | 'rejected'>;
  /** Assigned by Didomi. */
  readonly content_version: number;
}

type Texts = '/widgets/notices/texts';

export interface NoticeTextsRoutes
  extends
    List<Texts, NoticeText>,
    Create<Texts, NoticeText, NoticeTextInput>,
    Read<Texts, NoticeText>,
    Replace<Texts, NoticeText, NoticeTextInput>,
    Change<Texts, NoticeText, Partial<NoticeTextInput>>,
    Crud<'/widgets/notices/texts-contents', NoticeTextContent, NoticeTextContentInput> {}
