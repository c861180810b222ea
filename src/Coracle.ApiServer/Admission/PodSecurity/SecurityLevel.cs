using System.Globalization;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>The levels of Pod Security, each stricter than those before.</summary>
internal enum SecurityLevel { Privileged, Baseline, Restricted }

/// <summary>A level as a release of Kubernetes understood it.</summary>
/// <param name="Level">How strict.</param>
/// <param name="Minor">The release: 25 for v1.25; null for the latest.</param>
internal readonly record struct LevelVersion(SecurityLevel Level, int? Minor)
{
    public override string ToString() =>
        $"{Level.ToString().ToLowerInvariant()}:{(Minor is { } minor ? string.Create(CultureInfo.InvariantCulture, $"v1.{minor}") : "latest")}";
}

/// <summary>What a namespace demands of its pods (upstream: pod-security-admission, api/helpers.go).</summary>
internal readonly record struct SecurityPolicy(LevelVersion Enforce, LevelVersion Audit, LevelVersion Warn)
{
    private const string Prefix = "pod-security.kubernetes.io/";
    private static readonly string[] Labels = [Prefix + "enforce", Prefix + "enforce-version", Prefix + "audit", Prefix + "audit-version", Prefix + "warn", Prefix + "warn-version"];

    public bool IsFullyPrivileged => Enforce.Level == SecurityLevel.Privileged && Audit.Level == SecurityLevel.Privileged && Warn.Level == SecurityLevel.Privileged;

    /// <summary>
    /// The policy that labels ask for. There is always one: where a label is wrong, pods are held to the strictest level, while audit and warnings say nothing.
    /// </summary>
    public static SecurityPolicy Of(IReadOnlyDictionary<string, string> labels, SecurityPolicy defaults, FieldErrors? errors)
    {
        var policy = defaults;
        if (labels.Count == 0 || !MentionsAny(labels)) return policy;
        var enforce = Level(labels, 0, policy.Enforce.Level, SecurityLevel.Restricted, errors, out var hasEnforce);
        policy = policy with { Enforce = new(enforce, Version(labels, 1, policy.Enforce.Minor, errors, out _)) };
        policy = policy with { Audit = new(Level(labels, 2, policy.Audit.Level, SecurityLevel.Privileged, errors, out _), Version(labels, 3, policy.Audit.Minor, errors, out _)) };
        var warn = Level(labels, 4, policy.Warn.Level, SecurityLevel.Privileged, errors, out _);
        policy = policy with { Warn = new(warn, Version(labels, 5, policy.Warn.Minor, errors, out var hasWarnVersion)) };
        // Whoever enforces without a word about warnings is warned of the same.
        if (labels.ContainsKey(Labels[4]) || !hasEnforce || enforce <= policy.Warn.Level) return policy;
        return policy with { Warn = new(enforce, hasWarnVersion ? policy.Warn.Minor : policy.Enforce.Minor) };
    }

    private static bool MentionsAny(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var label in Labels)
            if (labels.ContainsKey(label)) return true;
        return false;
    }

    private static SecurityLevel Level(IReadOnlyDictionary<string, string> labels, int label, SecurityLevel unset, SecurityLevel wrong, FieldErrors? errors, out bool valid)
    {
        valid = false;
        if (!labels.TryGetValue(Labels[label], out var text)) return unset;
        valid = true;
        switch (text)
        {
            case "privileged": return SecurityLevel.Privileged;
            case "baseline": return SecurityLevel.Baseline;
            case "restricted": return SecurityLevel.Restricted;
        }
        valid = false;
        errors?.Invalid(FieldPath.Of("metadata").Child("labels").Key(Labels[label]), text, "must be one of privileged, baseline, restricted");
        return wrong;
    }

    private static int? Version(IReadOnlyDictionary<string, string> labels, int label, int? unset, FieldErrors? errors, out bool given)
    {
        given = labels.TryGetValue(Labels[label], out var text);
        if (!given) return unset;
        if (text == "latest") return null;
        if (text!.StartsWith("v1.", StringComparison.Ordinal) && (text.Length == 4 || text[3] != '0')
            && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)) return minor;
        errors?.Invalid(FieldPath.Of("metadata").Child("labels").Key(Labels[label]), text, "must be \"latest\" or \"v1.x\"");
        return null;
    }

    /// <summary>What labels set beyond the defaults, in words, for a namespace where it counts for nothing; empty when that is nothing.</summary>
    public string Ignored(IReadOnlyDictionary<string, string> labels, SecurityPolicy defaults)
    {
        if (IsFullyPrivileged || Same(Enforce, defaults.Enforce) && Same(Audit, defaults.Audit) && Same(Warn, defaults.Warn)) return "";
        var parts = new List<string>();
        foreach (var (word, level, at) in ((string, LevelVersion, int)[])[("enforce", Enforce, 0), ("audit", Audit, 2), ("warn", Warn, 4)])
            if (level.Level != SecurityLevel.Privileged && (labels.ContainsKey(Labels[at]) || labels.ContainsKey(Labels[at + 1]))) parts.Add($"{word}={level}");
        return string.Join(", ", parts);
    }

    private static bool Same(LevelVersion a, LevelVersion b) => a.Level == SecurityLevel.Privileged && b.Level == SecurityLevel.Privileged || a == b;
}
