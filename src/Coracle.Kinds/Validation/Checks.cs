using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Rules that many kinds share, in upstream's words (apimachinery, api/validation, util/validation and apis/meta/v1/validation).</summary>
internal static class Checks
{
    internal const string Immutable = "field is immutable";
    internal const string NotNegative = "must be greater than or equal to 0";
    internal const string Positive = "must be greater than zero";

    internal static void NonNegative(this FieldErrors errors, FieldPath path, long? value)
    {
        if (value < 0) errors.Invalid(path, value, NotNegative);
    }

    /// <summary>One error for every problem of the text.</summary>
    internal static void Problems(this FieldErrors errors, FieldPath path, object? value, IReadOnlyList<string> problems)
    {
        foreach (var problem in problems) errors.Invalid(path, value, problem);
    }

    internal static void Label(this FieldErrors errors, FieldPath path, string value) => errors.Problems(path, value, NameRules.Dns1123Label(value));
    internal static void Subdomain(this FieldErrors errors, FieldPath path, string value) => errors.Problems(path, value, NameRules.Dns1123Subdomain(value));
    internal static void QualifiedName(this FieldErrors errors, FieldPath path, string value) => errors.Problems(path, value, NameRules.LabelKey(value));

    internal static void RequiredText(this FieldErrors errors, FieldPath path, string value, string detail = "")
    {
        if (value.Length == 0) errors.Required(path, detail);
    }

    /// <summary>Needed, and fit to be a part of a path.</summary>
    internal static void Segment(this FieldErrors errors, FieldPath path, string value)
    {
        if (value.Length == 0) errors.Required(path);
        else errors.Problems(path, value, NameRules.PathSegment(value));
    }

    internal static void OneOf(this FieldErrors errors, FieldPath path, string? value, params string[] supported)
    {
        if (value is not null && !supported.Contains(value)) errors.NotSupported(path, value, supported);
    }

    internal static void PortOrName(this FieldErrors errors, FieldPath path, IntOrString port)
    {
        if (port.IsString) errors.Problems(path, port.StringValue, NameRules.PortName(port.StringValue));
        else errors.Problems(path, port.IntValue, NameRules.PortNumber(port.IntValue));
    }

    internal static void Labels(this FieldErrors errors, FieldPath path, IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var (key, value) in labels ?? new Dictionary<string, string>())
        {
            errors.QualifiedName(path, key);
            errors.Problems(path, value, NameRules.LabelValue(value));
        }
    }

    internal static void Annotations(this FieldErrors errors, FieldPath path, IReadOnlyDictionary<string, string>? annotations)
    {
        const int bytesMax = 256 * 1024;
        var size = 0L;
        foreach (var (key, value) in annotations ?? new Dictionary<string, string>())
        {
            errors.Problems(path, key, NameRules.LabelKey(key.ToLowerInvariant()));
            size += key.Length + value.Length;
        }
        if (size > bytesMax) errors.TooLong(path, bytesMax);
    }

    internal static void Selector(this FieldErrors errors, FieldPath path, LabelSelector? selector)
    {
        if (selector is null) return;
        errors.Labels(path / "matchLabels", selector.MatchLabels);
        for (var i = 0; i < (selector.MatchExpressions?.Count ?? 0); i++)
            errors.Requirement((path / "matchExpressions")[i], selector.MatchExpressions![i]);
    }

    private static void Requirement(this FieldErrors errors, FieldPath path, LabelSelectorRequirement requirement)
    {
        var values = requirement.Values ?? [];
        switch (requirement.Operator)
        {
            case LabelSelectorOperator.In or LabelSelectorOperator.NotIn:
                if (values.Count == 0) errors.Required(path / "values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case LabelSelectorOperator.Exists or LabelSelectorOperator.DoesNotExist:
                if (values.Count > 0) errors.Forbidden(path / "values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            default:
                errors.Invalid(path / "operator", requirement.Operator, "not a valid selector operator");
                break;
        }
        errors.QualifiedName(path / "key", requirement.Key);
        for (var i = 0; i < values.Count; i++) errors.Problems((path / "values")[i], values[i], NameRules.LabelValue(values[i]));
    }

    /// <summary>Whether the selector selects the labels; false as well where the selector itself is wrong, null where it selects nothing for want of content.</summary>
    internal static bool Selects(LabelSelector selector, IReadOnlyDictionary<string, string>? labels) => Query(selector)?.Matches(labels) ?? false;

    internal static bool IsEmpty(LabelSelector selector) => selector.MatchLabels is not { Count: > 0 } && selector.MatchExpressions is not { Count: > 0 };

    private static LabelQuery? Query(LabelSelector selector) =>
        LabelQuery.From(selector.MatchLabels, selector.MatchExpressions?.Select(e => new LabelExpression(e.Key, e.Operator, e.Values)), out _);

    internal static void Ip(this FieldErrors errors, FieldPath path, string value)
    {
        if (ParseIp(value) is null) errors.Invalid(path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }

    internal static void Cidr(this FieldErrors errors, FieldPath path, string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var address = slash > 0 ? ParseIp(value[..slash]) : null;
        var lengthMax = address?.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var valid = address is not null && int.TryParse(value.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var length) && length <= lengthMax;
        if (!valid) errors.Invalid(path, value, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }

    /// <summary>Addresses that traffic from elsewhere cannot be meant for.</summary>
    internal static void NotSpecialIp(this FieldErrors errors, FieldPath path, string value)
    {
        if (ParseIp(value) is not { } ip)
        {
            errors.Invalid(path, value, "must be a valid IP address");
            return;
        }
        var bytes = ip.GetAddressBytes();
        if (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) errors.Invalid(path, value, $"may not be unspecified ({value})");
        if (IPAddress.IsLoopback(ip)) errors.Invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        if (ip.IsIPv6LinkLocal || bytes is [169, 254, _, _]) errors.Invalid(path, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        if (bytes is [224, 0, 0, _] || bytes.Length == 16 && bytes[0] == 0xff && (bytes[1] & 0x0f) == 2)
            errors.Invalid(path, value, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }

    /// <summary>An address in dotted or colon form; forms that only some parsers take (hexadecimal parts, zones, fewer than four numbers) are none.</summary>
    internal static IPAddress? ParseIp(string value)
    {
        if (value.Contains(':', StringComparison.Ordinal))
            return value.AsSpan().IndexOfAny('%', '[', ']') < 0 && IPAddress.TryParse(value, out var six) ? six : null;
        var parts = value.Split('.');
        if (parts.Length != 4) return null;
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < 4; i++)
            if (parts[i].Length > 3 || !byte.TryParse(parts[i], System.Globalization.NumberStyles.None, null, out bytes[i])) return null;
        return new IPAddress(bytes);
    }

    /// <summary>A path inside something: relative, and not out of it.</summary>
    internal static void LocalPath(this FieldErrors errors, FieldPath path, string value)
    {
        if (value.StartsWith('/')) errors.Invalid(path, value, "must be a relative path");
        errors.NoBacksteps(path, value);
    }

    internal static void NoBacksteps(this FieldErrors errors, FieldPath path, string value)
    {
        if (value.Split('/').Contains("..")) errors.Invalid(path, value, "must not contain '..'");
    }

    /// <summary>A typed object as it stands in an error.</summary>
    internal static JsonNode? Shown<T>(T? value) where T : class, IApiType<T> => value is null ? null : ApiJson.ParseTree(ApiJson.ToBytes(value));

    internal static JsonNode Shown(IEnumerable<string> values) => new JsonArray([.. values.Select(v => (JsonNode)v)]);

    internal static JsonNode? Shown(IReadOnlyDictionary<string, string>? values) =>
        values is null ? null : new JsonObject(values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
}
