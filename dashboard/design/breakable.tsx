import { Fragment } from 'react';

/** A long name that breaks after its punctuation, and not inside a word. */
export const Breakable = ({ text }: { readonly text: string }) =>
  text.split(/(?<=[/:@.-])/).map((piece, index) => (
    <Fragment key={index}>
      {piece}
      <wbr />
    </Fragment>
  ));
