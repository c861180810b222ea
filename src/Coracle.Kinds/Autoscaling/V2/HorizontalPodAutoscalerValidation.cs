using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V2;

/// <summary>What an autoscaler may ask for (upstream: apis/autoscaling/validation).</summary>
internal sealed class HorizontalPodAutoscalerValidation(FieldErrors errors)
{
    private const int WindowMax = 3600;
    private const int PeriodMax = 1800;
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    internal void Spec(HorizontalPodAutoscalerSpec spec)
    {
        if (spec.MinReplicas < 1) errors.Invalid(SpecPath / "minReplicas", spec.MinReplicas, "must be greater than or equal to 1");
        if (spec.MaxReplicas < 1) errors.Invalid(SpecPath / "maxReplicas", spec.MaxReplicas, "must be greater than 0");
        if (spec.MaxReplicas < spec.MinReplicas) errors.Invalid(SpecPath / "maxReplicas", spec.MaxReplicas, "must be greater than or equal to `minReplicas`");
        Reference(spec.ScaleTargetRef, SpecPath / "scaleTargetRef");
        for (var i = 0; i < (spec.Metrics?.Count ?? 0); i++) Metric(spec.Metrics![i], (SpecPath / "metrics")[i]);
        ScalingRules(spec.Behavior?.ScaleUp, SpecPath / "behavior" / "scaleUp");
        ScalingRules(spec.Behavior?.ScaleDown, SpecPath / "behavior" / "scaleDown");
    }

    internal static void Status(HorizontalPodAutoscalerStatus status, FieldErrors errors)
    {
        errors.NonNegative(FieldPath.Of("status") / "currentReplicas", status.CurrentReplicas);
        errors.NonNegative(FieldPath.Of("status") / "desiredReplicas", status.DesiredReplicas);
    }

    private void Reference(CrossVersionObjectReference reference, FieldPath path)
    {
        Segment(reference.Kind, path / "kind", "");
        if (reference.ApiVersion.Count(c => c == '/') > 1) errors.Invalid(path / "apiVersion", reference.ApiVersion, "unexpected GroupVersion string: " + reference.ApiVersion);
        Segment(reference.Name, path / "name", "");
    }

    private void Segment(string value, FieldPath path, string whenMissing)
    {
        if (value.Length == 0) errors.Required(path, whenMissing);
        else errors.Problems(path, value, NameRules.PathSegment(value));
    }

    private void ScalingRules(HPAScalingRules? rules, FieldPath path)
    {
        if (rules is null) return;
        var window = path / "stabilizationWindowSeconds";
        if (rules.StabilizationWindowSeconds < 0) errors.Invalid(window, rules.StabilizationWindowSeconds, "must be greater than or equal to zero");
        if (rules.StabilizationWindowSeconds > WindowMax) errors.Invalid(window, rules.StabilizationWindowSeconds, $"must be less than or equal to {WindowMax}");
        errors.OneOf(path / "selectPolicy", rules.SelectPolicy, "Disabled", "Max", "Min");
        if (rules.Policies is not { Count: > 0 }) errors.Required(path / "policies", "must specify at least one Policy");
        for (var i = 0; i < (rules.Policies?.Count ?? 0); i++) Policy(rules.Policies![i], (path / "policies")[i]);
        if (rules.Tolerance?.Sign < 0) errors.Invalid(path / "tolerance", rules.Tolerance, Checks.NotNegative);
    }

    private void Policy(HPAScalingPolicy policy, FieldPath path)
    {
        errors.OneOf(path / "type", policy.Type, "Percent", "Pods");
        if (policy.Value <= 0) errors.Invalid(path / "value", policy.Value, Checks.Positive);
        if (policy.PeriodSeconds <= 0) errors.Invalid(path / "periodSeconds", policy.PeriodSeconds, Checks.Positive);
        if (policy.PeriodSeconds > PeriodMax) errors.Invalid(path / "periodSeconds", policy.PeriodSeconds, $"must be less than or equal to {PeriodMax}");
    }

    private void Metric(MetricSpec metric, FieldPath path)
    {
        if (metric.Type.Length == 0) errors.Required(path / "type", "must specify a metric source type");
        errors.OneOf(path / "type", metric.Type, MetricSourceType.ContainerResource, MetricSourceType.External, MetricSourceType.Object, MetricSourceType.Pods, MetricSourceType.Resource);
        var given = new List<string>();
        if (Next(metric.Object, "object")) Described(metric.Object!, path / "object");
        if (Next(metric.External, "external")) External(metric.External!, path / "external");
        if (Next(metric.Pods, "pods")) Pods(metric.Pods!, path / "pods");
        if (Next(metric.Resource, "resource")) Resource(metric.Resource!.Name, metric.Resource.Target, path / "resource");
        if (Next(metric.ContainerResource, "containerResource"))
        {
            errors.RequiredText(path / "containerResource" / "container", metric.ContainerResource!.Container, "must specify a container");
            Resource(metric.ContainerResource.Name, metric.ContainerResource.Target, path / "containerResource");
        }
        var expected = metric.Type.Length == 0 ? "" : char.ToLowerInvariant(metric.Type[0]) + metric.Type[1..];
        if (metric.Type is MetricSourceType.ContainerResource or MetricSourceType.External or MetricSourceType.Object or MetricSourceType.Pods or MetricSourceType.Resource && !given.Contains(expected))
            errors.Required(path / expected, "must populate information for the given metric source");
        if (given.Count != 1)
            foreach (var other in given.Where(g => g != expected)) errors.Forbidden(path / other, "must populate the given metric source only");

        bool Next(object? source, string name)
        {
            if (source is null) return false;
            given.Add(name);
            return given.Count == 1;
        }
    }

    private void Described(ObjectMetricSource source, FieldPath path)
    {
        Reference(source.DescribedObject, path / "describedObject");
        Identifier(source.Metric, path / "metric");
        Target(source.Target, path / "target");
        if (source.Target is { Value: null, AverageValue: null }) errors.Required(path / "target" / "averageValue", "must set either a target value or averageValue");
    }

    private void External(ExternalMetricSource source, FieldPath path)
    {
        Identifier(source.Metric, path / "metric");
        Target(source.Target, path / "target");
        if (source.Target is { Value: null, AverageValue: null }) errors.Required(path / "target" / "averageValue", "must set either a target value for metric or a per-pod target");
        if (source.Target is { Value: not null, AverageValue: not null }) errors.Forbidden(path / "target" / "value", "may not set both a target value for metric and a per-pod target");
    }

    private void Pods(PodsMetricSource source, FieldPath path)
    {
        Identifier(source.Metric, path / "metric");
        Target(source.Target, path / "target");
        if (!(source.Target.AverageValue?.Sign > 0)) errors.Required(path / "target" / "averageValue", "must specify a positive target averageValue");
    }

    private void Resource(string name, MetricTarget target, FieldPath path)
    {
        errors.RequiredText(path / "name", name, "must specify a resource name");
        Target(target, path / "target");
        if (target is { AverageUtilization: null, AverageValue: null }) errors.Required(path / "target" / "averageUtilization", "must set either a target raw value or a target utilization");
        if (target is { AverageUtilization: not null, AverageValue: not null }) errors.Forbidden(path / "target" / "averageValue", "may not set both a target raw value and a target utilization");
    }

    private void Target(MetricTarget target, FieldPath path)
    {
        if (target.Type.Length == 0) errors.Required(path / "type", "must specify a metric target type");
        if (target.Type is not (MetricTargetType.Utilization or MetricTargetType.Value or MetricTargetType.AverageValue))
            errors.Invalid(path / "type", target.Type, "must be either Utilization, Value, or AverageValue");
        if (target.Value?.Sign <= 0) errors.Invalid(path / "value", target.Value, "must be positive");
        if (target.AverageValue?.Sign <= 0) errors.Invalid(path / "averageValue", target.AverageValue, "must be positive");
        if (target.AverageUtilization < 1) errors.Invalid(path / "averageUtilization", target.AverageUtilization, "must be greater than 0");
    }

    private void Identifier(MetricIdentifier metric, FieldPath path) => Segment(metric.Name, path / "name", "must specify a metric name");
}
