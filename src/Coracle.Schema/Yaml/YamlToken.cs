namespace Coracle.Schema;

internal enum YamlTokenKind
{
    StreamEnd, VersionDirective, TagDirective, DocumentStart, DocumentEnd,
    BlockSequenceStart, BlockMappingStart, BlockEnd,
    FlowSequenceStart, FlowSequenceEnd, FlowMappingStart, FlowMappingEnd,
    BlockEntry, FlowEntry, Key, Value, Alias, Anchor, Tag, Scalar,
}

/// <summary>A piece of YAML text: its kind, the line where it starts (from 0), and what it says.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line where it starts, from 0.</param>
/// <param name="Text">The value of a scalar, the name of an anchor, the handle of a tag, the version.</param>
/// <param name="Suffix">What follows the handle of a tag.</param>
/// <param name="Plain">A scalar without quotes, not in a block.</param>
internal readonly record struct YamlToken(YamlTokenKind Kind, int Line, string Text = "", string Suffix = "", bool Plain = false);

/// <summary>A place in the text.</summary>
internal readonly record struct YamlMark(int Index, int Line, int Column);

/// <summary>What is wrong with a text that is not YAML, as upstream says it ("line 3: could not find expected ':'").</summary>
internal sealed class YamlException(string message, bool prefixed = true) : Exception(message)
{
    /// <summary>Said by the YAML library, which puts "yaml: " before it.</summary>
    public bool Prefixed { get; } = prefixed;

    /// <summary>A fault at a character. Upstream leaves the line out when it is the first.</summary>
    public static YamlException AtCharacter(int line, string problem) => new(line == 0 ? problem : $"line {line + 1}: {problem}");

    /// <summary>A fault at a token, whose line upstream counts from 0.</summary>
    public static YamlException AtToken(int line, string problem) => new(line == 0 ? problem : $"line {line}: {problem}");
}
