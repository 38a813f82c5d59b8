import type { ReactNode } from 'react';
import css from './table.module.css';
import { useRowFocus } from './use-row-focus.ts';

export interface TableRow {
  readonly key: string | number;
  /** In the order of the columns; the first one names the row. */
  readonly cells: readonly ReactNode[];
  /** Buttons at its end. */
  readonly actions?: ReactNode;
}

interface TableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** On a narrow screen each row is a stack of labels and values; the roles keep it a table for screen readers. */
export function Table({ label, columns, rows }: TableProps) {
  const hasActions = rows.some(({ actions }) => actions !== undefined);
  const focus = useRowFocus(rows.map(({ key }) => key));
  return (
    <div {...focus} className={css.scroll} tabIndex={0} role="group" aria-label={label}>
      <table className={css.table} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
            {hasActions && (
              <th scope="col" role="columnheader">
                <span className={css.unseen}>Action</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ key, cells: [name, ...values], actions }) => (
            <tr key={key} role="row">
              <th scope="row" role="rowheader">
                {name}
              </th>
              {values.map((value, index) => (
                <td key={columns[index + 1]} role="cell" data-label={columns[index + 1]}>
                  <div>{value}</div>
                </td>
              ))}
              {hasActions && (
                <td className={css.actions} role="cell">
                  {actions}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
