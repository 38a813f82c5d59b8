import { Fragment } from 'react';

/** A long name that breaks after its punctuation, and inside a word only where that is longer than a line may be. */
export const Breakable = ({ text }: { readonly text: string }) =>
  text.split(/(?<=[/:@.-]|[^/:@.\s-]{24})/).map((piece, index) => (
    <Fragment key={index}>
      {piece}
      <wbr />
    </Fragment>
  ));
