using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

// Containers of all three sorts: names, images, ports, and what each sort may not have.
internal sealed partial class PodSpecValidation
{
    private void Containers(FieldPath path)
    {
        var containers = spec.Containers ?? [];
        if (containers.Count == 0)
        {
            errors.Required(path);
            return;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i];
            Common(container, path[i]);
            if (!names.Add(container.Name)) errors.Duplicate(path[i] / "name", container.Name);
            Lifecycle(container.Lifecycle, path[i] / "lifecycle");
            Probes(container, path[i]);
            RestartOf(container, path[i]);
        }
        HostPorts(containers, path);
    }

    // Rules for single containers came with 1.35; what they say is for the node.
    private void RestartOf(Container container, FieldPath path)
    {
        if (container.RestartPolicy is not { } policy) return;
        errors.OneOf(path / "restartPolicy", policy, ContainerRestartPolicy.Always, ContainerRestartPolicy.Never, ContainerRestartPolicy.OnFailure);
    }

    private void InitContainers(FieldPath path)
    {
        var names = new HashSet<string>((spec.Containers ?? []).Select(c => c.Name), StringComparer.Ordinal);
        var containers = spec.InitContainers ?? [];
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i];
            Common(container, path[i]);
            RestartOf(container, path[i]);
            if (names.Contains(container.Name)) errors.Duplicate(path[i] / "name", container.Name);
            else if (container.Name.Length > 0) names.Add(container.Name);
            HostPorts([container], path);
            if (container.RestartPolicy == ContainerRestartPolicy.Always)
            {
                Lifecycle(container.Lifecycle, path[i] / "lifecycle");
                Probes(container, path[i]);
            }
            else OnlyForSidecars(container, path[i]);
        }
    }

    private void OnlyForSidecars(Container container, FieldPath path)
    {
        const string why = "may not be set for init containers without restartPolicy=Always";
        if (container.Lifecycle is not null) errors.Forbidden(path / "lifecycle", why);
        if (container.LivenessProbe is not null) errors.Forbidden(path / "livenessProbe", why);
        if (container.ReadinessProbe is not null) errors.Forbidden(path / "readinessProbe", why);
        if (container.StartupProbe is not null) errors.Forbidden(path / "startupProbe", why);
    }

    private void EphemeralContainers(FieldPath path)
    {
        var others = new HashSet<string>((spec.Containers ?? []).Concat(spec.InitContainers ?? []).Select(c => c.Name), StringComparer.Ordinal);
        var names = new HashSet<string>(others, StringComparer.Ordinal);
        var containers = spec.EphemeralContainers ?? [];
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i];
            Common(AsContainer(container), path[i]);
            if (!names.Add(container.Name)) errors.Duplicate(path[i] / "name", container.Name);
            if (container.TargetContainerName.Length > 0 && !others.Contains(container.TargetContainerName))
                errors.NotFound(path[i] / "targetContainerName", container.TargetContainerName);
            NotForEphemeral(container, path[i]);
        }
    }

    private void NotForEphemeral(EphemeralContainer container, FieldPath path)
    {
        void Forbid(bool set, FieldPath field)
        {
            if (set) errors.Forbidden(field, "cannot be set for an Ephemeral Container");
        }
        Forbid(container.Ports is { Count: > 0 }, path / "ports");
        Forbid(container.Resources is not { Limits: null, Requests: null, Claims: null }, path / "resources");
        Forbid(container.ResizePolicy is { Count: > 0 }, path / "resizePolicy");
        Forbid(container.RestartPolicy is not null, path / "restartPolicy");
        Forbid(container.LivenessProbe is not null, path / "livenessProbe");
        Forbid(container.ReadinessProbe is not null, path / "readinessProbe");
        Forbid(container.StartupProbe is not null, path / "startupProbe");
        Forbid(container.Lifecycle is not null, path / "lifecycle");
        for (var i = 0; i < (container.VolumeMounts?.Count ?? 0); i++)
        {
            var mount = (path / "volumeMounts")[i];
            Forbid(container.VolumeMounts![i].SubPath.Length > 0, mount / "subPath");
            Forbid(container.VolumeMounts[i].SubPathExpr.Length > 0, mount / "subPathExpr");
        }
    }

    private static Container AsContainer(EphemeralContainer c) => new()
    {
        Name = c.Name, Image = c.Image, Ports = c.Ports, Env = c.Env, EnvFrom = c.EnvFrom, VolumeMounts = c.VolumeMounts, VolumeDevices = c.VolumeDevices,
        Resources = c.Resources, ResizePolicy = c.ResizePolicy, SecurityContext = c.SecurityContext,
    };

    private void Common(Container container, FieldPath path)
    {
        if (container.Name.Length == 0) errors.Required(path / "name");
        else errors.Label(path / "name", container.Name);
        errors.RequiredText(path / "image", container.Image);
        if (isPod && container.Image.Trim().Length != container.Image.Length)
            errors.Invalid(path / "image", container.Image, "must not have leading or trailing whitespace");
        Ports(container.Ports ?? [], path / "ports");
        Env(container.Env ?? [], path / "env");
        EnvFrom(container.EnvFrom ?? [], path / "envFrom");
        Mounts(container, path / "volumeMounts");
        Devices(container, path / "volumeDevices");
        Resources(container.Resources, path / "resources");
        Resize(container.ResizePolicy ?? [], path / "resizePolicy");
        ContainerSecurity(container.SecurityContext, path / "securityContext");
    }

    private void Ports(List<ContainerPort> ports, FieldPath path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++)
        {
            var port = ports[i];
            if (port.Name.Length > 0)
            {
                var problems = NameRules.PortName(port.Name);
                errors.Problems(path[i] / "name", port.Name, problems);
                if (problems.Count == 0 && !names.Add(port.Name)) errors.Duplicate(path[i] / "name", port.Name);
            }
            if (port.ContainerPortValue == 0) errors.Required(path[i] / "containerPort");
            else errors.Problems(path[i] / "containerPort", port.ContainerPortValue, NameRules.PortNumber(port.ContainerPortValue));
            if (port.HostPort != 0) errors.Problems(path[i] / "hostPort", port.HostPort, NameRules.PortNumber(port.HostPort));
        }
    }

    private void HostPorts(List<Container> containers, FieldPath path)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var c = 0; c < containers.Count; c++)
            for (var i = 0; i < (containers[c].Ports?.Count ?? 0); i++)
            {
                var port = containers[c].Ports![i];
                var key = $"{port.Protocol}/{port.HostIP}/{port.HostPort}";
                if (port.HostPort != 0 && !taken.Add(key)) errors.Duplicate((path[c] / "ports")[i] / "hostPort", key);
            }
    }

    private void HostNetworkPorts(FieldPath path)
    {
        if (!spec.HostNetwork) return;
        for (var c = 0; c < (spec.Containers?.Count ?? 0); c++)
            for (var i = 0; i < (spec.Containers![c].Ports?.Count ?? 0); i++)
            {
                var port = spec.Containers[c].Ports![i];
                if ((isPod || port.HostPort != 0) && port.HostPort != port.ContainerPortValue)
                    errors.Invalid((path[c] / "ports")[i] / "hostPort", port.HostPort, "must match `containerPort` when `hostNetwork` is true");
            }
    }

    private void Resize(List<ContainerResizePolicy> policies, FieldPath path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < policies.Count; i++)
        {
            var policy = policies[i];
            if (!seen.Add(policy.ResourceName)) errors.Duplicate(path[i], policy.ResourceName);
            if (policy.ResourceName.Length == 0) errors.Required(path);
            else errors.OneOf(path, policy.ResourceName, ResourceName.Cpu, ResourceName.Memory);
            if (policy.RestartPolicy.Length == 0) errors.Required(path);
            else errors.OneOf(path, policy.RestartPolicy, ResourceResizeRestartPolicy.NotRequired, ResourceResizeRestartPolicy.RestartContainer);
            if (spec.RestartPolicy == RestartPolicy.Never && policy.RestartPolicy != ResourceResizeRestartPolicy.NotRequired)
                errors.Invalid(path, policy.RestartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
        }
    }
}
