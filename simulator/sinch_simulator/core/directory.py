"""Finds projects by their ids and access keys, and applications by their service plans."""

from collections.abc import Iterator

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.project import CustomerAccount, Project
from sinch_simulator.core.values import define


@define(eq=False)
class Directory:
    """The credentials of a server's applications, beside their own keys."""

    projects: dict[str, Project] = field(init=False, factory=dict)
    """By id, in the order in which they came."""
    projects_by_key_id: dict[str, Project] = field(init=False, factory=dict)
    applications_by_plan: dict[str, Application] = field(init=False, factory=dict)
    _applications: dict[str, Application] = field(init=False, factory=dict)

    def add(self, application: Application) -> None:
        """Enters an application; its project may be there already."""
        project = application.project
        project.admit(application.key)
        self.projects[project.id] = self.projects_by_key_id[project.key_id] = project
        self.applications_by_plan[application.service_plan_id] = application
        self._applications[application.key] = application

    def acting_for(self, project: Project) -> Application:
        """Returns who acts where a request names a project and no application: its default service.

        Every product that takes access keys or tokens asks here.
        """
        return self._applications[project.default_key]

    def applications_of(self, project: Project) -> list[Application]:
        """Returns all applications of a project, in the order in which they came."""
        return [self._applications[key] for key in project.application_keys]

    def remove(self, application: Application) -> None:
        """Forgets an application, and with the last one its project."""
        project = application.project
        project.dismiss(application.key)
        del self._applications[application.key]
        self.applications_by_plan.pop(application.service_plan_id, None)
        if not project.application_keys:
            self.projects.pop(project.id, None)
            self.projects_by_key_id.pop(project.key_id, None)

    def taken(self, application: Application) -> Iterator[tuple[str, str]]:
        """Gives the credentials of an application that others have: the field, and its value."""
        project = application.project
        if self.projects_by_key_id.get(project.key_id, project) is not project:
            yield "keyId", project.key_id
        plan = application.service_plan_id
        owner = self.applications_by_plan.get(plan)
        if (owner is not None and owner.key != application.key) or plan in self.projects:
            yield "servicePlanId", plan
        if project.id in self.applications_by_plan:  # both stand in the same place of a path
            yield "projectId", project.id

    def taken_by_others(self, account: CustomerAccount, project: Project) -> Iterator[tuple[str, str]]:
        """Gives the parts of an account that another project has: the field, and its value."""
        for other in self.projects.values():
            if other is project:
                continue
            if other.account.email.lower() == account.email.lower():
                yield "account.email", account.email
            if other.account.organisation_id == account.organisation_id:
                yield "account.organisationId", account.organisation_id
