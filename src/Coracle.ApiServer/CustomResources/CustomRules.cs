using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What all custom resources have in common beyond their schemas (apiextensions-apiserver, pkg/registry/customresource).</summary>
internal sealed class CustomRules(string? deprecation) : KindRules
{
    public override string? Deprecation => deprecation;

    public override void Warn(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old, List<string> warnings)
    {
        var before = old.IsEmpty ? [] : Finalizers(old);
        foreach (var finalizer in Finalizers(obj).Except(before).Order(StringComparer.Ordinal)) Warn(finalizer, warnings);
    }

    private static void Warn(string finalizer, List<string> warnings)
    {
        var field = $"metadata.finalizers: {GoText.Quote(finalizer)}";
        warnings.AddRange(NameRules.LabelKey(finalizer).Select(problem => $"{field}: {problem}"));
        if (finalizer.Contains('/', StringComparison.Ordinal) || finalizer is "orphan" or "foregroundDeletion" or "kubernetes") return;
        var path = finalizer.Contains('.', StringComparison.Ordinal) ? " including a path (/)" : "";
        warnings.Add($"{field}: prefer a domain-qualified finalizer name{path} to avoid accidental conflicts with other finalizer writers");
    }

    private static List<string> Finalizers(ReadOnlySpan<byte> json) => json.IndexOf("\"finalizers\":["u8) < 0 ? [] :
        [.. ((ApiJson.ParseTree(json)?["metadata"]?["finalizers"] as JsonArray) ?? []).Select(f => (string?)f ?? "")];
}
