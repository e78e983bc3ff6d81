import type { Change, Create, List, Read, Replace } from '../../shapes/crud.js';
import type { Owned, Versioned } from '../../shapes/fields.js';
import type { PartnerAndPurpose, ProcessingRule } from './partner-purposes.routes.js';

interface RuleOverride extends PartnerAndPurpose {
  readonly processing_rule: ProcessingRule;
}

/**
 * A new rule for the notices of one template.
 *
 * @publicApi
 */
export interface TemplateRuleInput extends Owned, RuleOverride {
  readonly template_id: string;
}

/**
 * How a partner may serve a purpose in the notices of one template.
 *
 * @publicApi
 */
export interface TemplateRule extends Versioned, TemplateRuleInput {
  readonly id: string;
  readonly organization_id: string;
}

/**
 * A new rule for one notice under one regulation.
 *
 * @publicApi
 */
export interface NoticeRegulationRuleInput extends Owned, RuleOverride {
  readonly notice_id: string;
  readonly regulation_id: string;
}

/**
 * How a partner may serve a purpose in one notice under one regulation.
 *
 * @publicApi
 */
export interface NoticeRegulationRule extends Versioned, NoticeRegulationRuleInput {
  readonly id: string;
  readonly organization_id: string;
}

type Overrides<Path extends string, Rule, Input> = List<Path, Rule> &
  Create<Path, Rule, Input> &
  Read<Path, Rule> &
  Replace<Path, Rule, Input> &
  Change<Path, Rule, Pick<RuleOverride, 'processing_rule'>> & {
    readonly [Route in `DELETE ${Path}/{id}`]: { response: { readonly id: string } };
  };

export interface PartnerPurposeOverridesRoutes
  extends
    Overrides<'/metadata/partners-purposes-templates-overrides', TemplateRule, TemplateRuleInput>,
    Overrides<
      '/metadata/partners-purposes-notices-regulations-overrides',
      NoticeRegulationRule,
      NoticeRegulationRuleInput
    > {}
