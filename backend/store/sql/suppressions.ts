/** The four lists of what agent and scanner leave alone. What is put on one takes what it covers out of sight. */
import { sql, type Transaction } from 'kysely';
import type { ExcludedNamespace, ExcludedPod, ExcludedRule, TrustedRegistry } from '../../../shared/contract/suppressions.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import type { SuppressionStore } from '../store.ts';
import { factColumns } from './findings.ts';
import { listed } from './pod-failures.ts';

type List = 'excluded_pods' | 'excluded_namespaces' | 'trusted_registries';

export class SqlSuppressions implements SuppressionStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  excludedPods(): Promise<ExcludedPod[]> {
    return this.#database.selectFrom('excluded_pods').selectAll().orderBy('pod_name').execute();
  }

  excludedNamespaces(): Promise<ExcludedNamespace[]> {
    return this.#database.selectFrom('excluded_namespaces').selectAll().orderBy('namespace').execute();
  }

  excludedRules(): Promise<ExcludedRule[]> {
    const rules = this.#database.selectFrom('excluded_rules').selectAll();
    return rules.orderBy('rule_title').orderBy('namespace', (order) => order.asc().nullsFirst()).execute();
  }

  trustedRegistries(): Promise<TrustedRegistry[]> {
    return this.#database.selectFrom('trusted_registries').selectAll().orderBy('registry').execute();
  }

  excludePod(pod_name: string, at: string) {
    return this.#commits.write(async (transaction) => {
      const resolved = await transaction
        .updateTable('pod_failures')
        .set({ status: 'resolved', resolved_at: at, resolution_note: 'The pod was excluded' })
        .where('pod_name', '=', pod_name)
        .where('status', '!=', 'resolved')
        .returningAll()
        .execute();
      const row = { pod_name, created_at: at };
      await transaction.insertInto('excluded_pods').values(row).onConflict((conflict) => conflict.doNothing()).execute();
      const all = transaction.selectFrom('excluded_pods').selectAll();
      return { item: await all.where('pod_name', '=', pod_name).executeTakeFirstOrThrow(), covered: resolved.map(listed) };
    });
  }

  excludeNamespace(namespace: string, at: string) {
    return this.#commits.write(async (transaction) => {
      const covered = await undismissed(transaction).where('namespace', '=', namespace).returning(factColumns).execute();
      const row = { namespace, created_at: at };
      await transaction.insertInto('excluded_namespaces').values(row).onConflict((conflict) => conflict.doNothing()).execute();
      const all = transaction.selectFrom('excluded_namespaces').selectAll();
      return { item: await all.where('namespace', '=', namespace).executeTakeFirstOrThrow(), covered };
    });
  }

  excludeRule(rule_title: string, namespace: string | null, at: string) {
    return this.#commits.write(async (transaction) => {
      const everywhere = undismissed(transaction).where(
        // The part before the first ": " is the rule's name, the rest names the container or object.
        sql<boolean>`(title = ${rule_title} or substr(title, 1, length(${rule_title}) + 2) = ${`${rule_title}: `})`,
      );
      const covered = await (namespace === null ? everywhere : everywhere.where('namespace', '=', namespace)).returning(factColumns).execute();
      const row = { rule_title, namespace, created_at: at };
      await transaction.insertInto('excluded_rules').values(row).onConflict((conflict) => conflict.doNothing()).execute();
      const rules = transaction.selectFrom('excluded_rules').selectAll().where('rule_title', '=', rule_title);
      return { item: await rules.where('namespace', 'is not distinct from', namespace).executeTakeFirstOrThrow(), covered };
    });
  }

  trustRegistry(registry: string, at: string) {
    return this.#commits.write(async (transaction) => {
      const covered = await undismissed(transaction)
        .where('title', 'like', 'Image from untrusted registry%')
        // As the scanner words it. Not by `like`: what was typed may have characters in it that stand for others.
        .where(sql<boolean>`replace(description, ${`from registry '${registry}'`}, '') <> description`)
        .returning(factColumns)
        .execute();
      const row = { registry, created_at: at };
      await transaction.insertInto('trusted_registries').values(row).onConflict((conflict) => conflict.doNothing()).execute();
      const all = transaction.selectFrom('trusted_registries').selectAll();
      return { item: await all.where('registry', '=', registry).executeTakeFirstOrThrow(), covered };
    });
  }

  includePod(pod_name: string): Promise<boolean> {
    return this.#remove('excluded_pods', 'pod_name', pod_name);
  }

  includeNamespace(namespace: string): Promise<boolean> {
    return this.#remove('excluded_namespaces', 'namespace', namespace);
  }

  distrustRegistry(registry: string): Promise<boolean> {
    return this.#remove('trusted_registries', 'registry', registry);
  }

  async includeRule(rule_title: string, namespace: string | null): Promise<boolean> {
    const { numDeletedRows } = await this.#commits.write((transaction) =>
      transaction
        .deleteFrom('excluded_rules')
        .where('rule_title', '=', rule_title)
        .where('namespace', 'is not distinct from', namespace)
        .executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  }

  async #remove(list: List, column: string, value: string): Promise<boolean> {
    const { numAffectedRows } = await this.#commits.write((transaction) =>
      sql`delete from ${sql.table(list)} where ${sql.ref(column)} = ${value}`.execute(transaction),
    );
    return (numAffectedRows ?? 0n) > 0n;
  }
}

const undismissed = (transaction: Transaction<Schema>) =>
  transaction.deleteFrom('security_findings').where('dismissed', '=', 0);
