import type { ReactNode } from 'react';
import css from './table.module.css';

export interface TableRow {
  readonly key: string | number;
  /** In the order of the columns; the first one names the row. */
  readonly cells: readonly ReactNode[];
}

interface TableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** On a narrow screen each row is a stack of labels and values; the roles keep it a table for screen readers. */
export function Table({ label, columns, rows }: TableProps) {
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={label}>
      <table className={css.table} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ key, cells: [name, ...values] }) => (
            <tr key={key} role="row">
              <th scope="row" role="rowheader">
                {name}
              </th>
              {values.map((value, index) => (
                <td key={columns[index + 1]} role="cell" data-label={columns[index + 1]}>
                  <div>{value}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
