/** The four lists of what agent and scanner leave alone. */
import type { Database } from '../schema.ts';
import type { SuppressionStore } from '../store.ts';

export class SqlSuppressions implements SuppressionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  excludedPods() {
    return this.#database.selectFrom('excluded_pods').selectAll().orderBy('id').execute();
  }

  excludedNamespaces() {
    return this.#database.selectFrom('excluded_namespaces').selectAll().orderBy('id').execute();
  }

  excludedRules() {
    return this.#database.selectFrom('excluded_rules').selectAll().orderBy('id').execute();
  }

  trustedRegistries() {
    return this.#database.selectFrom('trusted_registries').selectAll().orderBy('id').execute();
  }
}
