using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

// Probes and hooks.
internal sealed partial class PodSpecValidation
{
    private void Probes(Container container, FieldPath path)
    {
        Once(container.LivenessProbe, path / "livenessProbe");
        Probe(container.ReadinessProbe, path / "readinessProbe");
        if (container.ReadinessProbe?.TerminationGracePeriodSeconds is { } grace)
            errors.Invalid(path / "readinessProbe" / "terminationGracePeriodSeconds", grace, "must not be set for readinessProbes");
        Once(container.StartupProbe, path / "startupProbe");
    }

    private void Once(Probe? probe, FieldPath path)
    {
        if (probe is null) return;
        Probe(probe, path);
        if (probe.SuccessThreshold != 1) errors.Invalid(path / "successThreshold", probe.SuccessThreshold, "must be 1");
    }

    private void Probe(Probe? probe, FieldPath path)
    {
        if (probe is null) return;
        var kinds = new Handlers(errors, path);
        if (kinds.Next(probe.Exec is not null, "exec")) Exec(probe.Exec!, path / "exec");
        if (kinds.Next(probe.HttpGet is not null, "httpGet")) HttpGet(probe.HttpGet!, path / "httpGet");
        if (kinds.Next(probe.TcpSocket is not null, "tcpSocket")) errors.PortOrName(path / "tcpSocket" / "port", probe.TcpSocket!.Port);
        if (kinds.Next(probe.Grpc is not null, "grpc")) errors.PortOrName(path / "grpc" / "port", probe.Grpc!.Port);
        kinds.End();
        errors.NonNegative(path / "initialDelaySeconds", probe.InitialDelaySeconds);
        errors.NonNegative(path / "timeoutSeconds", probe.TimeoutSeconds);
        errors.NonNegative(path / "periodSeconds", probe.PeriodSeconds);
        errors.NonNegative(path / "successThreshold", probe.SuccessThreshold);
        errors.NonNegative(path / "failureThreshold", probe.FailureThreshold);
        if (probe.TerminationGracePeriodSeconds is <= 0 and var grace)
            errors.Invalid(path / "terminationGracePeriodSeconds", grace, "must be greater than 0");
    }

    private void Lifecycle(Lifecycle? lifecycle, FieldPath path)
    {
        if (lifecycle is null) return;
        Hook(lifecycle.PostStart, path / "postStart");
        Hook(lifecycle.PreStop, path / "preStop");
        if (lifecycle.StopSignal is { } signal && spec.Os is null)
            errors.Forbidden(path / "stopSignal", "may not be set for containers with empty `spec.os.name`");
    }

    private void Hook(LifecycleHandler? hook, FieldPath path)
    {
        if (hook is null) return;
        var kinds = new Handlers(errors, path);
        if (kinds.Next(hook.Exec is not null, "exec")) Exec(hook.Exec!, path / "exec");
        if (kinds.Next(hook.HttpGet is not null, "httpGet")) HttpGet(hook.HttpGet!, path / "httpGet");
        if (kinds.Next(hook.TcpSocket is not null, "tcpSocket")) errors.PortOrName(path / "tcpSocket" / "port", hook.TcpSocket!.Port);
        if (kinds.Next(hook.Sleep is not null, "sleep")) Sleep(hook.Sleep!.Seconds, path / "sleep");
        kinds.End();
    }

    private void Sleep(long seconds, FieldPath path)
    {
        if (spec.TerminationGracePeriodSeconds is { } grace && (seconds < 0 || seconds > grace))
            errors.Invalid(path, seconds, $"must be non-negative and less than terminationGracePeriodSeconds ({grace})");
    }

    private void Exec(ExecAction exec, FieldPath path)
    {
        if (exec.Command is not { Count: > 0 }) errors.Required(path / "command");
    }

    private void HttpGet(HTTPGetAction http, FieldPath path)
    {
        errors.RequiredText(path / "path", http.Path);
        errors.PortOrName(path / "port", http.Port);
        foreach (var header in http.HttpHeaders ?? []) errors.Problems(path / "httpHeaders", header.Name, NameRules.HttpHeaderName(header.Name));
    }

    /// <summary>Of several ways to do a thing exactly one may be given.</summary>
    private ref struct Handlers(FieldErrors errors, FieldPath path)
    {
        private bool any;

        public bool Next(bool given, string name)
        {
            if (!given) return false;
            if (any) errors.Forbidden(path / name, "may not specify more than 1 handler type");
            var first = !any;
            any = true;
            return first;
        }

        public readonly void End()
        {
            if (!any) errors.Required(path, "must specify a handler type");
        }
    }
}
