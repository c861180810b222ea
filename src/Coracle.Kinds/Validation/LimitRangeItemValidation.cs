using System.Globalization;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>The limits of one type of object: names of resources, and amounts that fit together.</summary>
internal sealed class LimitRangeItemValidation(LimitRangeItem limit, FieldPath path, FieldErrors errors)
{
    private readonly SortedSet<string> named = new(StringComparer.Ordinal);

    internal void Validate()
    {
        Names(limit.Max, "max");
        Names(limit.Min, "min");
        if (limit.Type == LimitType.Pod)
        {
            const string notForPods = "may not be specified when `type` is 'Pod'";
            if (limit.Default is { Count: > 0 }) errors.Forbidden(path / "default", notForPods);
            if (limit.DefaultRequest is { Count: > 0 }) errors.Forbidden(path / "defaultRequest", notForPods);
        }
        else
        {
            Names(limit.Default, "default");
            Names(limit.DefaultRequest, "defaultRequest");
        }
        if (limit.Type == LimitType.PersistentVolumeClaim && Of(limit.Min, "storage") is null && Of(limit.Max, "storage") is null)
            errors.Required(path / "limits", "either minimum or maximum storage value is required, but neither was provided");
        Names(limit.MaxLimitRequestRatio, "maxLimitRequestRatio");
        foreach (var name in named)
        {
            Amounts(name);
            Ratio(name);
        }
    }

    private void Names(Dictionary<string, Quantity>? amounts, string list)
    {
        foreach (var (name, _) in (amounts ?? []).OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            named.Add(name);
            var at = (path / list).Key(name);
            if (limit.Type is LimitType.Pod or LimitType.Container) ResourceNames.Container(errors, at, name);
            else ResourceNames.Any(errors, at, name);
        }
    }

    private static Quantity? Of(Dictionary<string, Quantity>? amounts, string name) => amounts is not null && amounts.TryGetValue(name, out var amount) ? amount : null;

    private void Amounts(string name)
    {
        var (min, max) = (Of(limit.Min, name), Of(limit.Max, name));
        var pod = limit.Type == LimitType.Pod;
        var (defaults, requests) = (pod ? null : Of(limit.Default, name), pod ? null : Of(limit.DefaultRequest, name));
        Ordered("min", name, min, min, "min value", max, "max value");
        Ordered("defaultRequest", name, requests, min, "min value", requests, "default request value");
        Ordered("defaultRequest", name, requests, requests, "default request value", max, "max value");
        Ordered("defaultRequest", name, requests, requests, "default request value", defaults, "default limit value");
        Ordered("default", name, min, min, "min value", defaults, "default value");
        Ordered("default", name, max, defaults, "default value", max, "max value");
        if (!ResourceNames.MayOvercommit(name) && defaults is { } limited && requests is { } asked && limited.CompareTo(asked) != 0)
            errors.Invalid((path / "defaultRequest").Key(name), asked, $"default value {limited} must equal to defaultRequest value {asked} in {name}");
    }

    private void Ordered(string list, string name, Quantity? shown, Quantity? less, string lessName, Quantity? more, string moreName)
    {
        if (less is { } low && more is { } high && low.CompareTo(high) > 0)
            errors.Invalid((path / list).Key(name), shown, $"{lessName} {low} is greater than {moreName} {high}");
    }

    private void Ratio(string name)
    {
        if (Of(limit.MaxLimitRequestRatio, name) is not { } ratio) return;
        var at = (path / "maxLimitRequestRatio").Key(name);
        if (ratio.MilliValue < 1000) errors.Invalid(at, ratio, $"ratio {ratio} is less than 1");
        if (Of(limit.Min, name) is not { } min || Of(limit.Max, name) is not { } max) return;
        var most = (double)max.MilliValue / min.MilliValue;
        if (ratio.MilliValue / 1000.0 > most)
            errors.Invalid(at, ratio, string.Create(CultureInfo.InvariantCulture, $"ratio {ratio} is greater than max/min = {most:F6}"));
    }
}
