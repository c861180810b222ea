namespace Coracle.Schema;

/// <summary>Makes a tree of the tokens of a YAML text's first document.</summary>
internal sealed class YamlParser
{
    private const string StandardTags = "tag:yaml.org,2002:";
    private readonly YamlScanner scanner;
    private readonly Dictionary<string, YamlNode> anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> tagPrefixes = new(StringComparer.Ordinal);

    private YamlParser(string text) => scanner = new(text);

    /// <summary>The first document, or null when there is none. Throws <see cref="YamlException"/> when the text is not YAML.</summary>
    public static YamlNode? Parse(string text) => new YamlParser(text).Document();

    private YamlNode? Document()
    {
        var token = scanner.Peek();
        if (token.Kind == YamlTokenKind.StreamEnd) return null;
        var bare = token.Kind is not (YamlTokenKind.VersionDirective or YamlTokenKind.TagDirective or YamlTokenKind.DocumentStart);
        Directives();
        YamlNode root;
        if (bare) root = Node(block: true, indentless: false);
        else
        {
            token = scanner.Peek();
            if (token.Kind != YamlTokenKind.DocumentStart) throw Fail(token, "did not find expected <document start>");
            scanner.Take();
            token = scanner.Peek();
            root = token.Kind is YamlTokenKind.VersionDirective or YamlTokenKind.TagDirective or YamlTokenKind.DocumentStart or YamlTokenKind.DocumentEnd or YamlTokenKind.StreamEnd
                ? Empty(token.Line)
                : Node(block: true, indentless: false);
        }
        scanner.Peek(); // what follows must at least be a token
        return root;
    }

    private void Directives()
    {
        var versions = 0;
        for (var token = scanner.Peek(); token.Kind is YamlTokenKind.VersionDirective or YamlTokenKind.TagDirective; token = scanner.Peek())
        {
            if (token.Kind == YamlTokenKind.VersionDirective)
            {
                if (versions++ > 0) throw Fail(token, "found duplicate %YAML directive");
                if (token.Text != "1.1") throw Fail(token, "found incompatible YAML document");
            }
            else if (!tagPrefixes.TryAdd(token.Text, token.Suffix)) throw Fail(token, "found duplicate %TAG directive");
            scanner.Take();
        }
        tagPrefixes.TryAdd("!", "!");
        tagPrefixes.TryAdd("!!", StandardTags);
    }

    private YamlNode Node(bool block, bool indentless)
    {
        var token = scanner.Peek();
        if (token.Kind == YamlTokenKind.Alias) return Alias(scanner.Take());
        var line = token.Line;
        var (anchor, tag) = Properties();
        token = scanner.Peek();
        switch (token.Kind)
        {
            case YamlTokenKind.BlockEntry when indentless: return IndentlessSequence(Named(anchor, new(YamlNodeKind.Sequence, line) { Tag = tag }));
            case YamlTokenKind.Scalar:
                scanner.Take();
                return Named(anchor, new(YamlNodeKind.Scalar, line) { Tag = tag, Value = token.Text, Implicit = tag.Length == 0 && token.Plain || tag == "!" });
            case YamlTokenKind.FlowSequenceStart: return FlowSequence(Named(anchor, new(YamlNodeKind.Sequence, line) { Tag = tag }));
            case YamlTokenKind.FlowMappingStart: return FlowMapping(Named(anchor, new(YamlNodeKind.Mapping, line) { Tag = tag }));
            case YamlTokenKind.BlockSequenceStart when block: return BlockSequence(Named(anchor, new(YamlNodeKind.Sequence, line) { Tag = tag }));
            case YamlTokenKind.BlockMappingStart when block: return BlockMapping(Named(anchor, new(YamlNodeKind.Mapping, line) { Tag = tag }));
        }
        if (anchor.Length == 0 && tag.Length == 0) throw Fail(token, "did not find expected node content");
        return Named(anchor, new(YamlNodeKind.Scalar, line) { Tag = tag, Implicit = tag.Length == 0 });
    }

    private YamlNode Alias(YamlToken token) => anchors.TryGetValue(token.Text, out var target)
        ? new(YamlNodeKind.Alias, token.Line) { Value = token.Text, Target = target }
        : throw new YamlException($"unknown anchor '{token.Text}' referenced");

    /// <summary>An anchor and a tag, in either order.</summary>
    private (string Anchor, string Tag) Properties()
    {
        var (anchor, tag) = ("", "");
        for (var i = 0; i < 2; i++)
        {
            var token = scanner.Peek();
            if (token.Kind == YamlTokenKind.Anchor && anchor.Length == 0) anchor = scanner.Take().Text;
            else if (token.Kind == YamlTokenKind.Tag && tag.Length == 0) tag = Resolve(scanner.Take());
        }
        return (anchor, tag);
    }

    private string Resolve(YamlToken tag)
    {
        if (tag.Text.Length == 0) return tag.Suffix;
        return tagPrefixes.TryGetValue(tag.Text, out var prefix) ? prefix + tag.Suffix : throw Fail(tag, "found undefined tag handle");
    }

    /// <summary>An anchor names its node from the start, so that what is inside may refer to it (and be refused later).</summary>
    private YamlNode Named(string anchor, YamlNode node)
    {
        if (anchor.Length > 0) anchors[anchor] = node;
        return node;
    }

    private YamlNode BlockSequence(YamlNode node)
    {
        scanner.Take();
        while (scanner.Peek().Kind == YamlTokenKind.BlockEntry)
        {
            var line = scanner.Take().Line;
            node.Children.Add(scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.BlockEnd ? Empty(line) : Node(block: true, indentless: false));
        }
        if (scanner.Peek().Kind != YamlTokenKind.BlockEnd) throw Fail(scanner.Peek(), "did not find expected '-' indicator");
        scanner.Take();
        return node;
    }

    /// <summary>A sequence as a mapping's value, at the mapping's own indentation.</summary>
    private YamlNode IndentlessSequence(YamlNode node)
    {
        while (scanner.Peek().Kind == YamlTokenKind.BlockEntry)
        {
            var line = scanner.Take().Line;
            var none = scanner.Peek().Kind is YamlTokenKind.BlockEntry or YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd;
            node.Children.Add(none ? Empty(line) : Node(block: true, indentless: false));
        }
        return node;
    }

    private YamlNode BlockMapping(YamlNode node)
    {
        scanner.Take();
        while (true)
        {
            var token = scanner.Peek();
            if (token.Kind == YamlTokenKind.BlockEnd) break;
            if (token.Kind != YamlTokenKind.Key) throw Fail(token, "did not find expected key");
            scanner.Take();
            node.Children.Add(BlockPart(token.Line));
            token = scanner.Peek();
            if (token.Kind == YamlTokenKind.Value) node.Children.Add(BlockPart(scanner.Take().Line));
            else node.Children.Add(Empty(token.Line));
        }
        scanner.Take();
        return node;
    }

    private YamlNode BlockPart(int line) => scanner.Peek().Kind is YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd
        ? Empty(line)
        : Node(block: true, indentless: true);

    private YamlNode FlowSequence(YamlNode node)
    {
        scanner.Take();
        while (scanner.Peek().Kind != YamlTokenKind.FlowSequenceEnd)
        {
            if (node.Children.Count > 0 && !Comma(YamlTokenKind.FlowSequenceEnd, "did not find expected ',' or ']'")) break;
            node.Children.Add(scanner.Peek().Kind == YamlTokenKind.Key ? SinglePair() : Node(block: false, indentless: false));
        }
        scanner.Take();
        return node;
    }

    /// <summary>"a: b" as an item of a flow sequence is a mapping of one.</summary>
    private YamlNode SinglePair()
    {
        var pair = new YamlNode(YamlNodeKind.Mapping, scanner.Take().Line);
        pair.Children.Add(FlowPart(YamlTokenKind.FlowSequenceEnd));
        pair.Children.Add(FlowValue(YamlTokenKind.FlowSequenceEnd));
        return pair;
    }

    private YamlNode FlowMapping(YamlNode node)
    {
        scanner.Take();
        while (scanner.Peek().Kind != YamlTokenKind.FlowMappingEnd)
        {
            if (node.Children.Count > 0 && !Comma(YamlTokenKind.FlowMappingEnd, "did not find expected ',' or '}'")) break;
            if (scanner.Peek().Kind == YamlTokenKind.Key)
            {
                scanner.Take();
                node.Children.Add(FlowPart(YamlTokenKind.FlowMappingEnd));
                node.Children.Add(FlowValue(YamlTokenKind.FlowMappingEnd));
            }
            else
            {
                node.Children.Add(Node(block: false, indentless: false));
                node.Children.Add(Empty(scanner.Peek().Line));
            }
        }
        scanner.Take();
        return node;
    }

    /// <summary>Takes the comma before a further item; false when the collection ends after it.</summary>
    private bool Comma(YamlTokenKind end, string problem)
    {
        if (scanner.Peek().Kind != YamlTokenKind.FlowEntry) throw Fail(scanner.Peek(), problem);
        scanner.Take();
        return scanner.Peek().Kind != end;
    }

    private YamlNode FlowValue(YamlTokenKind end)
    {
        var token = scanner.Peek();
        if (token.Kind != YamlTokenKind.Value) return Empty(token.Line);
        scanner.Take();
        token = scanner.Peek();
        return token.Kind == YamlTokenKind.FlowEntry || token.Kind == end ? Empty(token.Line) : Node(block: false, indentless: false);
    }

    private YamlNode FlowPart(YamlTokenKind end)
    {
        var token = scanner.Peek();
        return token.Kind is YamlTokenKind.Value or YamlTokenKind.FlowEntry || token.Kind == end ? Empty(token.Line) : Node(block: false, indentless: false);
    }

    private static YamlNode Empty(int line) => new(YamlNodeKind.Scalar, line) { Implicit = true };

    private static YamlException Fail(YamlToken token, string problem) => YamlException.AtToken(token.Line, problem);
}
