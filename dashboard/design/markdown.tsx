import { Markdown, type MarkdownToJSX } from 'markdown-to-jsx/react';
import { Fragment, type ReactNode } from 'react';

interface PieceProps {
  readonly children?: ReactNode;
}

/** Whoever writes into a log may have made up the address. */
const Words = ({ children }: PieceProps) => <>{children}</>;
/** Can be scrolled with the keyboard, too. */
const Block = ({ children }: PieceProps) => <pre tabIndex={0}>{children}</pre>;

/** A command breaks between its words, and not after the hyphens of an option. */
const Code = ({ children }: PieceProps) => (
  <code>
    {typeof children === 'string'
      ? children.split(' ').map((word, index) => (
          <Fragment key={index}>
            {index > 0 && ' '}
            <span>{word}</span>
          </Fragment>
        ))
      : children}
  </code>
);

/** What a language model writes decides about words alone: no HTML, no link, no picture, no heading of the page. */
const options: MarkdownToJSX.Options = {
  disableParsingRawHTML: true,
  disableAutoLink: true,
  forceBlock: true,
  overrides: {
    a: Words,
    img: ({ alt }: { readonly alt?: string }) => alt,
    input: () => null,
    code: Code,
    pre: Block,
    ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((heading) => [heading, 'strong'])),
  },
};

export default function RenderedMarkdown({ text }: { readonly text: string }) {
  return <Markdown options={options}>{text}</Markdown>;
}
