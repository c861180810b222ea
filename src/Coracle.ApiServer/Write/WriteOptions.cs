using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>The options that every write has in its query, checked as upstream checks CreateOptions, UpdateOptions and PatchOptions.</summary>
internal static class WriteOptions
{
    private const int ManagerBytesMax = 128;

    /// <summary>Null when all is well. What a deletion says of itself is checked where its body is known.</summary>
    public static ApiStatus? Check(RequestContext ctx)
    {
        if (OptionsKind(ctx.Info.Verb) is not { } kind) return null;
        var errors = new FieldErrors();
        if (ctx.Info.Verb == "patch") ApplyOptions(ctx, errors);
        Manager(ctx.Query("fieldManager") ?? "", errors);
        DryRun(QueryText.All(ctx.Request.Query, "dryRun"), errors);
        if (ctx.Query("fieldValidation") is { } mode and not ("" or "Ignore" or "Warn" or "Strict"))
            errors.NotSupported(FieldPath.Of("fieldValidation"), mode, ["", "Ignore", "Strict", "Warn"]);
        return errors.Count == 0 ? null : ApiStatus.Invalid(kind, "", errors.All);
    }

    public static void DryRun(IReadOnlyList<string> values, FieldErrors errors)
    {
        if (values.Any(value => value != "All"))
            errors.NotSupported(FieldPath.Of("dryRun"), new JsonArray([.. values.Select(value => (JsonNode)value)]), ["All"]);
    }

    private static void ApplyOptions(RequestContext ctx, FieldErrors errors)
    {
        var applies = BodyReader.MediaType(ctx.Request.Header("Content-Type")) == "application/apply-patch+yaml";
        if (applies && ctx.Query("fieldManager") is not { Length: > 0 }) errors.Required(FieldPath.Of("fieldManager"), "is required for apply patch");
        if (!applies && ctx.Query("force") is { Length: > 0 }) errors.Forbidden(FieldPath.Of("force"), "may not be specified for non-apply patch");
    }

    private static void Manager(string manager, FieldErrors errors)
    {
        if (Encoding.UTF8.GetByteCount(manager) > ManagerBytesMax) errors.TooLong(FieldPath.Of("fieldManager"), ManagerBytesMax);
        var at = 0;
        foreach (var rune in manager.EnumerateRunes())
        {
            if (!IsPrintable(rune)) errors.Invalid(FieldPath.Of("fieldManager"), manager, $"invalid character U+{rune.Value:X4} (at position {at})");
            at += rune.Utf8SequenceLength;
        }
    }

    // Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space.
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || !(Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
        && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate
            or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned);

    private static KindInfo? OptionsKind(string verb) => verb switch
    {
        "create" => CreateOptions,
        "update" => UpdateOptions,
        "patch" => PatchOptions,
        _ => null,
    };

    private static readonly KindInfo CreateOptions = KindOf("CreateOptions");
    private static readonly KindInfo UpdateOptions = KindOf("UpdateOptions");
    private static readonly KindInfo PatchOptions = KindOf("PatchOptions");

    /// <summary>Options as errors name them.</summary>
    public static KindInfo KindOf(string options) => new()
    {
        Group = "meta.k8s.io", Version = "v1", Kind = options, Plural = "", Singular = "", Rules = KindRules.None, Schema = new SchemaNode { Type = SchemaType.Any },
    };
}
