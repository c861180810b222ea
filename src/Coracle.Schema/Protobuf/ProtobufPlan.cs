namespace Coracle.Schema;

/// <summary>
/// In which order the fields of a type are written in protobuf: by number, as upstream's encoder does. Fields of a message that upstream embeds, which stand among the
/// outer ones in JSON, are a part of their own here (see <see cref="ProtobufDecoder"/>).
/// </summary>
internal sealed class ProtobufPlan
{
    private const int InlinedFactor = 1000;

    private ProtobufPlan(IReadOnlyList<ProtobufPart> parts) => Parts = parts;

    public IReadOnlyList<ProtobufPart> Parts { get; }

    public static ProtobufPlan Of(SchemaNode node) => Of(node.Properties.Where(p => p.Number > 0).Select(p => (Path(p.Number), p)).ToList());

    // 3004 is field 4 of what is embedded as field 3.
    private static int[] Path(int number) => number < InlinedFactor ? [number] : [.. Path(number / InlinedFactor), number % InlinedFactor];

    private static ProtobufPlan Of(List<(int[] Path, SchemaProperty Property)> fields) => new(
    [
        .. fields.GroupBy(f => f.Path[0]).OrderBy(g => g.Key).Select(group => group.First() is { Path.Length: 1, Property: var property }
            ? new ProtobufPart(group.Key, property, null)
            : new ProtobufPart(group.Key, null, Of([.. group.Select(f => (f.Path[1..], f.Property))]))),
    ]);
}

/// <summary>One field, or the fields of an embedded message.</summary>
internal sealed record ProtobufPart(int Number, SchemaProperty? Property, ProtobufPlan? Embedded);
