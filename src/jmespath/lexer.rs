//! Text to tokens. Source: `kyverno/go-jmespath` `lexer.go`.

use super::error::SyntaxError;
use serde_json::Value;

/// A token and where it stands, in characters from the start.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) offset: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    And,
    Colon,
    Comma,
    Current,
    Dot,
    End,
    Equal,
    Filter,
    Flatten,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    LeftBrace,
    LeftBracket,
    LeftParenthesis,
    Literal(Value),
    Not,
    NotEqual,
    Number(String),
    Or,
    Pipe,
    QuotedIdentifier(String),
    Reference,
    RightBrace,
    RightBracket,
    RightParenthesis,
    Star,
    Unknown,
    Identifier(String),
}

impl Kind {
    /// Upstream's name of the token, which its messages show.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::And => "tAnd",
            Self::Colon => "tColon",
            Self::Comma => "tComma",
            Self::Current => "tCurrent",
            Self::Dot => "tDot",
            Self::End => "tEOF",
            Self::Equal => "tEQ",
            Self::Filter => "tFilter",
            Self::Flatten => "tFlatten",
            Self::Greater => "tGT",
            Self::GreaterOrEqual => "tGTE",
            Self::Identifier(_) => "tUnquotedIdentifier",
            Self::LeftBrace => "tLbrace",
            Self::LeftBracket => "tLbracket",
            Self::LeftParenthesis => "tLparen",
            Self::Less => "tLT",
            Self::LessOrEqual => "tLTE",
            Self::Literal(Value::String(_)) => "tStringLiteral",
            Self::Literal(_) => "tJSONLiteral",
            Self::Not => "tNot",
            Self::NotEqual => "tNE",
            Self::Number(_) => "tNumber",
            Self::Or => "tOr",
            Self::Pipe => "tPipe",
            Self::QuotedIdentifier(_) => "tQuotedIdentifier",
            Self::Reference => "tExpref",
            Self::RightBrace => "tRbrace",
            Self::RightBracket => "tRbracket",
            Self::RightParenthesis => "tRparen",
            Self::Star => "tStar",
            Self::Unknown => "tUnknown",
        }
    }
}

/// Splits `text`; the last token is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { characters: text.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    loop {
        let offset = lexer.at;
        let Some(c) = lexer.next() else {
            tokens.push(Token { kind: Kind::End, offset });
            return Ok(tokens);
        };
        if !matches!(c, ' ' | '\t' | '\n' | '\r') {
            let kind = lexer.token(c, offset)?;
            tokens.push(Token { kind, offset });
        }
    }
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
}

impl Lexer {
    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn token(&mut self, c: char, offset: usize) -> Result<Kind, SyntaxError> {
        Ok(match c {
            '.' => Kind::Dot,
            '*' => Kind::Star,
            ',' => Kind::Comma,
            ':' => Kind::Colon,
            '{' => Kind::LeftBrace,
            '}' => Kind::RightBrace,
            ']' => Kind::RightBracket,
            '(' => Kind::LeftParenthesis,
            ')' => Kind::RightParenthesis,
            '@' => Kind::Current,
            '[' if self.eat('?') => Kind::Filter,
            '[' if self.eat(']') => Kind::Flatten,
            '[' => Kind::LeftBracket,
            '|' if self.eat('|') => Kind::Or,
            '|' => Kind::Pipe,
            '<' if self.eat('=') => Kind::LessOrEqual,
            '<' => Kind::Less,
            '>' if self.eat('=') => Kind::GreaterOrEqual,
            '>' => Kind::Greater,
            '!' if self.eat('=') => Kind::NotEqual,
            '!' => Kind::Not,
            '=' if self.eat('=') => Kind::Equal,
            '=' => Kind::Unknown,
            '&' if self.eat('&') => Kind::And,
            '&' => Kind::Reference,
            '"' => self.quoted(offset)?,
            '\'' => Kind::Literal(Value::String(self.raw_string()?)),
            '`' => self.literal(offset)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                Kind::Identifier(self.run(offset, |c| c.is_ascii_alphanumeric() || c == '_'))
            }
            '-' | '0'..='9' => Kind::Number(self.run(offset, |c| c.is_ascii_digit())),
            other => {
                return Err(SyntaxError { message: format!("Unknown char: '{}'", other.escape_default()), offset });
            }
        })
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }

    fn run(&mut self, start: usize, belongs: impl Fn(char) -> bool) -> String {
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
        self.characters.get(start..self.at).unwrap_or_default().iter().collect()
    }

    /// What stands before the next `end` that no backslash precedes.
    fn until(&mut self, end: char) -> Result<String, SyntaxError> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err(self.unclosed(end)),
                Some(c) if c == end => return Ok(text),
                Some('\\') => {
                    text.push('\\');
                    text.extend(self.next());
                }
                Some(c) => text.push(c),
            }
        }
    }

    fn unclosed(&self, end: char) -> SyntaxError {
        SyntaxError { message: format!("Unclosed delimiter: {end}"), offset: self.characters.len() }
    }

    fn quoted(&mut self, offset: usize) -> Result<Kind, SyntaxError> {
        let text = format!("\"{}\"", self.until('"')?);
        let malformed = |error: serde_json::Error| SyntaxError { message: error.to_string(), offset };
        serde_json::from_str(&text).map(Kind::QuotedIdentifier).map_err(malformed)
    }

    fn literal(&mut self, offset: usize) -> Result<Kind, SyntaxError> {
        let text = self.until('`')?.replace("\\`", "`");
        let malformed =
            |error: serde_json::Error| SyntaxError { message: format!("no JSON between backticks: {error}"), offset };
        serde_json::from_str(&text).map(Kind::Literal).map_err(malformed)
    }

    /// In a raw string only the quote can be escaped.
    fn raw_string(&mut self) -> Result<String, SyntaxError> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err(self.unclosed('\'')),
                Some('\'') => return Ok(text),
                Some('\\') if self.eat('\'') => text.push('\''),
                Some(c) => text.push(c),
            }
        }
    }
}
