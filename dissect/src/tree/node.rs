//! Nodes of the field tree, in the order of the octets.

use mip6_wire::layout::{Field, Sink, Stop, Value};

use crate::fields::{visit_frame, visit_layer};
use crate::packet::Packet;

/// The field tree of a packet: nodes in order, each with its depth.
#[derive(Clone, Debug, Default)]
pub struct Tree<'a> {
    /// The nodes; children follow their parent, one deeper.
    pub nodes: Vec<Node<'a>>,
}

/// A node of the field tree.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// Depth, 0 for a layer.
    pub depth: u8,
    /// Index into `Packet::layers`; `None` for the frame itself.
    pub layer: Option<usize>,
    /// Offset in the source of the layer.
    pub offset: usize,
    /// Octets.
    pub len: usize,
    /// What it is.
    pub kind: NodeKind<'a>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind<'a> {
    /// The frame, or a layer.
    Layer(&'static str),
    /// A group of fields.
    Group(&'static str),
    /// A field and its octets.
    Leaf(&'static Field, &'a [u8]),
    /// A value without octets of its own.
    Derived(&'static Field, Value<'a>),
    /// What could not be read.
    Stop(Stop),
}

impl<'a> Tree<'a> {
    /// Builds the tree of a packet.
    pub fn new(packet: &Packet<'a>) -> Self {
        let mut sink = Builder { nodes: Vec::new(), open: Vec::new(), layer: None };
        sink.layer_node("Frame", 0, packet.frame.data.len());
        visit_frame(packet, &mut sink);
        for (i, layer) in packet.layers.iter().enumerate() {
            sink.layer = Some(i);
            sink.open.clear();
            sink.layer_node(layer.proto.title(), layer.offset as usize, layer.len as usize);
            visit_layer(packet, layer, &mut sink);
        }
        Self { nodes: sink.nodes }
    }
}

struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    open: Vec<usize>,
    layer: Option<usize>,
}

impl<'a> Builder<'a> {
    fn layer_node(&mut self, title: &'static str, offset: usize, len: usize) {
        let kind = NodeKind::Layer(title);
        self.nodes.push(Node { depth: 0, layer: self.layer, offset, len, kind });
    }

    fn push(&mut self, offset: usize, len: usize, kind: NodeKind<'a>) {
        // The outermost group is the layer itself.
        let depth = self.open.len().max(1) as u8;
        self.nodes.push(Node { depth, layer: self.layer, offset, len, kind });
    }
}

impl<'a> Sink<'a> for Builder<'a> {
    const ACTIVE: bool = true;

    fn leaf(&mut self, f: &'static Field, at: usize, raw: &'a [u8]) {
        self.push(at, raw.len(), NodeKind::Leaf(f, raw));
    }

    fn derived(&mut self, f: &'static Field, at: usize, v: Value<'a>) {
        self.push(at, 0, NodeKind::Derived(f, v));
    }

    fn open(&mut self, at: usize) {
        if !self.open.is_empty() {
            self.push(at, 0, NodeKind::Group(""));
        }
        self.open.push(self.nodes.len() - 1);
    }

    fn close(&mut self, title: &'static str, end: usize) {
        if let Some(node) = self.open.pop().and_then(|i| self.nodes.get_mut(i)) {
            node.len = end.saturating_sub(node.offset);
            match &mut node.kind {
                NodeKind::Group(t) => *t = title,
                // A layer is headed by its protocol; what it is in particular
                // (which message) comes behind.
                NodeKind::Layer(t) if *t != title => *t = title,
                _ => {}
            }
        }
    }

    fn stop(&mut self, stop: Stop) {
        self.push(stop.at, 0, NodeKind::Stop(stop));
    }
}
