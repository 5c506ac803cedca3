//! Tokens to a tree: top-down operator precedence. Source: `kyverno/go-jmespath` `parser.go`.

use super::ast::{Comparator, Node};
use super::error::SyntaxError;
use super::lexer::{Kind, Token, tokens};

/// Deeper trees are refused: evaluation goes down by calls. Written policies stay below 30.
const DEPTH: u16 = 200;
const STAR: u8 = 20;
const DOT: u8 = 40;

/// A node and how deep it is.
type Parsed = Result<(Node, u16), SyntaxError>;

/// Parses a whole text.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let (node, _) = parser.expression(0)?;
    match parser.peek() {
        Kind::End => Ok(node),
        other => Err(parser.error(format!("Unexpected token at the end of the expression: {}", other.name()))),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: u16,
}

fn binding_power(kind: &Kind) -> u8 {
    match kind {
        Kind::Pipe => 1,
        Kind::Or => 2,
        Kind::And => 3,
        Kind::Equal | Kind::Less | Kind::LessOrEqual | Kind::Greater | Kind::GreaterOrEqual | Kind::NotEqual => 5,
        Kind::Flatten => 9,
        Kind::Star => STAR,
        Kind::Filter => 21,
        Kind::Dot => DOT,
        Kind::Not => 45,
        Kind::LeftBrace => 50,
        Kind::LeftBracket => 55,
        Kind::LeftParenthesis => 60,
        _ => 0,
    }
}

fn comparator(kind: &Kind) -> Option<Comparator> {
    Some(match kind {
        Kind::Equal => Comparator::Equal,
        Kind::Greater => Comparator::Greater,
        Kind::GreaterOrEqual => Comparator::GreaterOrEqual,
        Kind::Less => Comparator::Less,
        Kind::LessOrEqual => Comparator::LessOrEqual,
        Kind::NotEqual => Comparator::NotEqual,
        _ => return None,
    })
}

impl Parser {
    fn peek(&self) -> &Kind {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> &Kind {
        self.tokens.get(self.at + ahead).map_or(&Kind::End, |token| &token.kind)
    }

    fn next(&mut self) -> Token {
        let token = self.tokens.get(self.at).or(self.tokens.last()).cloned();
        self.at += 1;
        token.unwrap_or(Token { kind: Kind::End, offset: 0 })
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        SyntaxError { message: message.into(), offset: token.map_or(0, |token| token.offset) }
    }

    fn expect(&mut self, kind: &Kind) -> Result<(), SyntaxError> {
        if self.peek() == kind {
            self.at += 1;
            return Ok(());
        }
        Err(self.error(format!("Expected {}, received: {}", kind.name(), self.peek().name())))
    }

    fn deeper(&self, depth: u16) -> Result<u16, SyntaxError> {
        if depth >= DEPTH {
            return Err(self.error(format!("the expression nests deeper than {DEPTH}: simplify it")));
        }
        Ok(depth + 1)
    }

    fn unary(&self, make: fn(Box<Node>) -> Node, (node, depth): (Node, u16)) -> Parsed {
        Ok((make(Box::new(node)), self.deeper(depth)?))
    }

    fn binary(&self, make: fn(Box<Node>, Box<Node>) -> Node, left: (Node, u16), right: (Node, u16)) -> Parsed {
        let depth = self.deeper(left.1.max(right.1))?;
        Ok((make(Box::new(left.0), Box::new(right.0)), depth))
    }

    fn expression(&mut self, power: u8) -> Parsed {
        self.depth = self.deeper(self.depth)?;
        let token = self.next();
        let mut left = self.prefix(token)?;
        while power < binding_power(self.peek()) {
            let token = self.next();
            left = self.infix(token, left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// A token that begins an expression.
    fn prefix(&mut self, token: Token) -> Parsed {
        let leaf = |node| Ok((node, 1));
        match token.kind {
            Kind::Literal(value) => leaf(Node::Literal(value)),
            Kind::Identifier(name) => leaf(Node::Field { name, offset: token.offset }),
            Kind::QuotedIdentifier(_) if *self.peek() == Kind::LeftParenthesis => {
                let message = "Can't have quoted identifier as function Name.".to_owned();
                Err(SyntaxError { message, offset: token.offset })
            }
            Kind::QuotedIdentifier(name) => leaf(Node::Field { name, offset: token.offset }),
            Kind::Star => {
                let right = match self.peek() {
                    Kind::RightBracket => (Node::Identity, 1),
                    _ => self.projected(STAR)?,
                };
                self.binary(Node::ValueProjection, (Node::Identity, 1), right)
            }
            Kind::Filter => self.filter((Node::Identity, 1)),
            Kind::LeftBrace => self.multi_select_hash(),
            Kind::Flatten => self.flatten((Node::Identity, 1)),
            Kind::LeftBracket => match self.peek() {
                Kind::Number(_) | Kind::Colon => self.index((Node::Identity, 1)),
                Kind::Star if *self.peek_at(1) == Kind::RightBracket => {
                    self.at += 2;
                    let right = self.projected(STAR)?;
                    self.binary(Node::Projection, (Node::Identity, 1), right)
                }
                _ => self.multi_select_list(),
            },
            Kind::Current => leaf(Node::Current),
            Kind::Reference => {
                let inner = self.expression(0)?;
                self.unary(Node::ExpressionReference, inner)
            }
            Kind::Not => {
                let inner = self.expression(45)?;
                self.unary(Node::Not, inner)
            }
            Kind::LeftParenthesis => {
                let inner = self.expression(0)?;
                self.expect(&Kind::RightParenthesis)?;
                Ok(inner)
            }
            Kind::End => Err(SyntaxError { message: "Incomplete expression".to_owned(), offset: token.offset }),
            other => Err(SyntaxError { message: format!("Invalid token: {}", other.name()), offset: token.offset }),
        }
    }

    /// A token that goes on after an expression.
    fn infix(&mut self, token: Token, left: (Node, u16)) -> Parsed {
        if let Some(comparator) = comparator(&token.kind) {
            let right = self.expression(5)?;
            let depth = self.deeper(left.1.max(right.1))?;
            return Ok((Node::Comparator(comparator, Box::new(left.0), Box::new(right.0)), depth));
        }
        match token.kind {
            Kind::Dot if *self.peek() == Kind::Star => {
                self.at += 1;
                let right = self.projected(DOT)?;
                self.binary(Node::ValueProjection, left, right)
            }
            Kind::Dot => {
                let right = self.after_dot(DOT)?;
                self.binary(Node::Sub, left, right)
            }
            Kind::Pipe => {
                let right = self.expression(1)?;
                self.binary(Node::Pipe, left, right)
            }
            Kind::Or => {
                let right = self.expression(2)?;
                self.binary(Node::Or, left, right)
            }
            Kind::And => {
                let right = self.expression(3)?;
                self.binary(Node::And, left, right)
            }
            Kind::LeftParenthesis => self.call(left, token.offset),
            Kind::Filter => self.filter(left),
            Kind::Flatten => self.flatten(left),
            Kind::LeftBracket => match self.peek() {
                Kind::Number(_) | Kind::Colon => self.index(left),
                _ => {
                    self.expect(&Kind::Star)?;
                    self.expect(&Kind::RightBracket)?;
                    let right = self.projected(STAR)?;
                    self.binary(Node::Projection, left, right)
                }
            },
            other => Err(self.error(format!("Unexpected token: {}", other.name()))),
        }
    }

    /// Commas between arguments may be left out, as upstream's parser allows.
    fn call(&mut self, (function, _): (Node, u16), parenthesis: usize) -> Parsed {
        let Node::Field { name, offset } = function else {
            let message = "Invalid function name".to_owned();
            return Err(SyntaxError { message, offset: parenthesis });
        };
        let (mut arguments, mut depth) = (Vec::new(), 1);
        while *self.peek() != Kind::RightParenthesis {
            let (argument, deep) = self.expression(0)?;
            if *self.peek() == Kind::Comma {
                self.at += 1;
            }
            depth = depth.max(deep);
            arguments.push(argument);
        }
        self.expect(&Kind::RightParenthesis)?;
        Ok((Node::Function { name, offset, arguments }, self.deeper(depth)?))
    }

    fn flatten(&mut self, left: (Node, u16)) -> Parsed {
        let flattened = self.unary(Node::Flatten, left)?;
        let right = self.projected(9)?;
        self.binary(Node::Projection, flattened, right)
    }

    fn filter(&mut self, left: (Node, u16)) -> Parsed {
        let condition = self.expression(0)?;
        self.expect(&Kind::RightBracket)?;
        let right = match self.peek() {
            Kind::Flatten => (Node::Identity, 1),
            _ => self.projected(21)?,
        };
        let depth = self.deeper(left.1.max(right.1).max(condition.1))?;
        let [left, right, condition] = [left, right, condition].map(|(node, _)| Box::new(node));
        Ok((Node::Filter { left, right, condition }, depth))
    }

    fn index(&mut self, left: (Node, u16)) -> Parsed {
        if *self.peek() == Kind::Colon || *self.peek_at(1) == Kind::Colon {
            let slice = self.slice()?;
            let sliced = self.binary(Node::Sub, left, (slice, 1))?;
            let right = self.projected(STAR)?;
            return self.binary(Node::Projection, sliced, right);
        }
        let index = self.number()?;
        self.expect(&Kind::RightBracket)?;
        self.binary(Node::Sub, left, (Node::Index(index), 1))
    }

    fn number(&mut self) -> Result<i64, SyntaxError> {
        let Kind::Number(text) = self.peek() else {
            return Err(self.error(format!("Expected tColon or tNumber, received: {}", self.peek().name())));
        };
        let number = text.parse().map_err(|_| self.error(format!("expected an index, found {text}")))?;
        self.at += 1;
        Ok(number)
    }

    fn slice(&mut self) -> Result<Node, SyntaxError> {
        let mut parts = [None; 3];
        let mut part = 0;
        while *self.peek() != Kind::RightBracket && part < parts.len() {
            if *self.peek() == Kind::Colon {
                part += 1;
                self.at += 1;
            } else {
                let number = self.number()?;
                if let Some(slot) = parts.get_mut(part) {
                    *slot = Some(number);
                }
            }
        }
        self.expect(&Kind::RightBracket)?;
        Ok(Node::Slice(parts))
    }

    fn multi_select_list(&mut self) -> Parsed {
        let (mut nodes, mut depth) = (Vec::new(), 1);
        loop {
            let (node, deep) = self.expression(0)?;
            depth = depth.max(deep);
            nodes.push(node);
            if *self.peek() == Kind::RightBracket {
                self.at += 1;
                return Ok((Node::MultiSelectList(nodes), self.deeper(depth)?));
            }
            self.expect(&Kind::Comma)?;
        }
    }

    /// Commas between entries may be left out, as upstream's parser allows.
    fn multi_select_hash(&mut self) -> Parsed {
        let (mut entries, mut depth) = (Vec::new(), 1);
        loop {
            let (Kind::Identifier(key) | Kind::QuotedIdentifier(key)) = self.peek().clone() else {
                return Err(self.error("Expected tQuotedIdentifier or tUnquotedIdentifier"));
            };
            self.at += 1;
            self.expect(&Kind::Colon)?;
            let (node, deep) = self.expression(0)?;
            depth = depth.max(deep);
            entries.push((key, node));
            match self.peek() {
                Kind::Comma => self.at += 1,
                Kind::RightBrace => {
                    self.at += 1;
                    return Ok((Node::MultiSelectHash(entries), self.deeper(depth)?));
                }
                _ => {}
            }
        }
    }

    fn after_dot(&mut self, power: u8) -> Parsed {
        match self.peek() {
            Kind::Identifier(_) | Kind::QuotedIdentifier(_) | Kind::Star => self.expression(power),
            Kind::LeftBracket => {
                self.at += 1;
                self.multi_select_list()
            }
            Kind::LeftBrace => {
                self.at += 1;
                self.multi_select_hash()
            }
            _ => Err(self.error("Expected identifier, lbracket, or lbrace")),
        }
    }

    /// What is applied to each element of a projection.
    fn projected(&mut self, power: u8) -> Parsed {
        match self.peek() {
            kind if binding_power(kind) < 10 => Ok((Node::Identity, 1)),
            Kind::LeftBracket | Kind::Filter => self.expression(power),
            Kind::Dot => {
                self.at += 1;
                self.after_dot(power)
            }
            _ => Err(self.error("Error")),
        }
    }
}
