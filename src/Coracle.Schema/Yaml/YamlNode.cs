namespace Coracle.Schema;

internal enum YamlNodeKind { Scalar, Sequence, Mapping, Alias }

/// <summary>A YAML document as written: aliases and tags are not resolved yet.</summary>
internal sealed class YamlNode(YamlNodeKind kind, int line)
{
    public YamlNodeKind Kind { get; } = kind;

    /// <summary>Where it starts, from 0.</summary>
    public int Line { get; } = line;

    /// <summary>The full tag, or empty.</summary>
    public string Tag { get; init; } = "";

    /// <summary>The text of a scalar, the name of an alias.</summary>
    public string Value { get; init; } = "";

    /// <summary>The text says what type it is (it has neither quotes nor tag).</summary>
    public bool Implicit { get; init; }

    /// <summary>The items of a sequence; the keys and values of a mapping in turn.</summary>
    public List<YamlNode> Children { get; } = [];

    /// <summary>What an alias stands for.</summary>
    public YamlNode? Target { get; init; }
}
